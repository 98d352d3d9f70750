import { existsSync } from "node:fs";
import { type Call, CutawayError, type JsonObject, type Message, plain, type Severity } from "@cutaway/core";
import { type LintedText, lintBoundaries, lintInjection, lintJoins, templateMarkers } from "@cutaway/tokenizer/explain";
import { findingsReached } from "../exit-codes.ts";
import { readCalls } from "../input/read-calls.ts";
import { readText } from "../input/read-text.ts";
import { renderLints } from "../render/lints.ts";
import type { Session } from "../session.ts";
import { chooseTokenizer, type TokensOptions, textToCount } from "./tokenizer-choice.ts";

export interface TokensLintOptions extends TokensOptions {
  answer?: string;
  chat?: boolean;
  template?: string;
  failOn?: string[];
}

interface Linted {
  texts: LintedText[];
  ends: "open" | "closed";
  /** Of a recorded call: what it asked. */
  messages?: Message[];
  model?: string;
  from?: string;
}

export async function run([input]: string[], options: TokensLintOptions, session: Session): Promise<number | undefined> {
  const { out } = session;
  const least = leastOf(options.failOn);
  const linted = await inputOf(input, options, session);
  const { tokenizer, exact } = await chooseTokenizer(await withModelOf(linted, options));
  const { texts, ends, messages } = linted;
  const template = options.template === undefined ? undefined : readText(options.template, out);
  if (template !== undefined && !messages)
    throw new CutawayError("usage", "--template is for the messages of a request", { fix: "Lint a request, or leave it out." });
  const markers = template === undefined ? [] : templateMarkers(template);
  const lints = [
    ...lintBoundaries({ tokenizer, texts, ends, ...(options.answer !== undefined && { answer: options.answer }) }),
    ...lintInjection({
      tokenizer,
      texts: texts.map((text) => (text.role === "system" || text.role === "developer" ? { ...text, text: "" } : text)),
      markers,
    }),
  ].sort((a, b) => weight[b.severity] - weight[a.severity] || a.text - b.text || a.span.start - b.span.start);
  const joins =
    template === undefined || !messages
      ? []
      : lintJoins(tokenizer, (await import("@cutaway/tokenizer/chat-template")).renderChat(template, messages));
  const name = exact ? tokenizer.name : `${tokenizer.name} in place of the model's own tokenizer`;
  if (out.json) {
    const places = lints.map((lint) => ({ ...lint, ...(texts[lint.text]?.at !== undefined && { at: texts[lint.text]?.at }) }));
    out.printJson({
      schema: "cutaway/token-lints",
      version: 1,
      tokenizer: tokenizer.name,
      exact,
      texts: texts.length,
      ...(plain({ lints: places, joins }) as JsonObject),
    });
  } else {
    out.print(...renderLints(lints, joins, texts, name, { width: out.width, colour: out.colour }));
  }
  return lints.some(({ severity }) => weight[severity] >= least) ? findingsReached : undefined;
}

const weight: Record<Severity, number> = { problem: 3, warning: 2, note: 1 };

function leastOf(failOn: readonly string[] | undefined): number {
  if (failOn === undefined) return Number.POSITIVE_INFINITY;
  const [severity = "", ...more] = failOn;
  if (more.length > 0 || !Object.hasOwn(weight, severity)) {
    throw new CutawayError("bad-option", `--fail-on: “${failOn.join(",")}” is no severity`, { fix: "Give problem, warning or note." });
  }
  return weight[severity as Severity];
}

/** A text as it is, or the messages of the one call that the input holds. */
async function inputOf(input: string | undefined, options: TokensLintOptions, session: Session): Promise<Linted> {
  const isText =
    options.text !== undefined || (input !== undefined && input !== "-" && existsSync(input) && !/\.(json|jsonl|har|sse|curl)$/i.test(input));
  if (input === undefined || input === "-" || isText) return asPrompt(await textToCount(input, options, session), options.chat);
  if (options.chat) throw new CutawayError("usage", "--chat is for a text", { fix: "Leave it out: a request says itself what its messages are." });
  for await (const read of readCalls(input, session)) {
    if (read.kind === "unsupported") throw new CutawayError("unsupported-format", `unsupported-format: ${read.name}  ${read.from}: ${read.says}`);
    return asMessages(read.call, input);
  }
  throw new CutawayError("nothing-there", `${input} holds no call`);
}

const asPrompt = (text: string, chat = false): Linted => ({ texts: [{ text, ...(chat && { role: "user" }) }], ends: chat ? "closed" : "open" });

function asMessages({ request, model }: Call, from: string): Linted {
  if (!request)
    throw new CutawayError("no-request", `${from} holds an answer and no request`, {
      fix: "Record the request with it, or give the prompt as a text.",
    });
  const texts = request.messages.flatMap(({ role, parts }) =>
    parts.flatMap((part, index): LintedText[] => {
      const joined = index > 0 && part.type === "text" && parts[index - 1]?.type === "text";
      return "text" in part ? [{ text: part.text, at: part.at, role, ...(joined && { joined }) }] : [];
    }),
  );
  const name = model.asked ?? model.served;
  return {
    texts,
    ends: request.messages.at(-1)?.role === "assistant" ? "open" : "closed",
    messages: request.messages,
    ...(name !== undefined && { model: name }),
  };
}

/** The tokenizer that was named, else that of the call's model where the catalog knows it. */
async function withModelOf({ model }: Linted, options: TokensOptions): Promise<TokensOptions> {
  if (model === undefined || options.model !== undefined || options.tokenizer !== undefined) return options;
  const { catalog } = await import("@cutaway/plan");
  return catalog.find(model)?.tokenizer ? { model } : options;
}
