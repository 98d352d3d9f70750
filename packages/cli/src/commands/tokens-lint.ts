import { CutawayError, type JsonObject, plain, type Severity, type Tokenizer } from "@cutaway/core";
import { lintBoundaries, lintInjection, lintJoins, templateMarkers } from "@cutaway/tokenizer/explain";
import { findingsReached } from "../exit-codes.ts";
import { readText } from "../input/read-text.ts";
import { renderLints } from "../render/lints.ts";
import type { Session } from "../session.ts";
import { type Linted, readLinted } from "./read-linted.ts";
import { chooseTokenizer, type TokensOptions } from "./tokenizer-choice.ts";

export interface TokensLintOptions extends TokensOptions {
  answer?: string;
  chat?: boolean;
  template?: string;
  failOn?: string[];
}

export async function run([input]: string[], options: TokensLintOptions, session: Session): Promise<number | undefined> {
  const { out } = session;
  const least = leastOf(options.failOn);
  const linted = await readLinted(input, options, session);
  const { tokenizer, exact } = await tokenizerOf(linted, options);
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
  const found = [...lints.map(({ severity }) => severity), ...joins.map((): Severity => "note")];
  return found.some((severity) => weight[severity] >= least) ? findingsReached : undefined;
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

/** The tokenizer that was named, else that of the call's model; not exact where the catalog does not know it and the default stands in. */
async function tokenizerOf({ model }: Linted, options: TokensOptions): Promise<{ tokenizer: Tokenizer; exact: boolean }> {
  if (model === undefined || options.model !== undefined || options.tokenizer !== undefined) return chooseTokenizer(options);
  const { catalog } = await import("@cutaway/plan");
  return catalog.find(model)?.tokenizer ? chooseTokenizer({ model }) : { ...(await chooseTokenizer({})), exact: false };
}
