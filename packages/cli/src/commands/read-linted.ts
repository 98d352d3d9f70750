import { existsSync } from "node:fs";
import { type Call, CutawayError, decodeUtf8, encodeUtf8, foldCall, type Message, newCallId } from "@cutaway/core";
import type { LintedText } from "@cutaway/tokenizer/explain";
import { readStandardInput } from "../input/read-bytes.ts";
import type { Session } from "../session.ts";
import { oneCall } from "./diff.ts";
import { textToCount } from "./tokenizer-choice.ts";

/** The texts of a prompt, as they go to `lintBoundaries`. */
export interface Linted {
  texts: LintedText[];
  ends: "open" | "closed";
  /** Of a recorded call: what it asked. */
  messages?: Message[];
  model?: string;
}

/** What says where the text is and what it is. */
export interface LintedOptions {
  text?: string;
  chat?: boolean;
}

/** A text as it is, or the messages of the one call that the input holds. Standard input that begins as JSON is a call. */
export async function readLinted(input: string | undefined, options: LintedOptions, session: Session): Promise<Linted> {
  if (options.text !== undefined || input === undefined) return asPrompt(await textToCount(input, options, session), options.chat);
  if (input === "-") {
    const bytes = await readStandardInput(session.out, session.interrupted);
    if (!/^\s*[{[]\s*["{]/.test(decodeUtf8(bytes.subarray(0, 200)))) return asPrompt(textOf(bytes), options.chat);
    return fromCall(await recordedCall(bytes), "standard input", options);
  }
  if (existsSync(input) && !/\.(json|jsonl|har|sse|curl)$/i.test(input)) return asPrompt(await textToCount(input, options, session), options.chat);
  return fromCall(await oneCall(input, session), input, options);
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text.includes("\ufffd") && !encodeUtf8(text).every((byte, at) => byte === bytes[at])) {
    throw new CutawayError("not-utf8", "standard input is not UTF-8 text", { fix: "Convert it, e.g. with iconv -t utf-8." });
  }
  return text;
}

async function recordedCall(bytes: Uint8Array): Promise<Call> {
  const { readInput } = await import("@cutaway/provider");
  for await (const item of readInput(bytes, "standard input")) {
    if (item.kind === "unsupported") throw new CutawayError("unsupported-format", `unsupported-format: ${item.name}  ${item.from}: ${item.says}`);
    return foldCall(item.events, { id: item.id ?? newCallId(), origin: { kind: "file", from: item.from } });
  }
  throw new CutawayError("nothing-there", "standard input holds no call");
}

function fromCall(call: Call, from: string, { chat }: LintedOptions): Linted {
  if (chat) throw new CutawayError("usage", "--chat is for a text", { fix: "Leave it out: a request says itself what its messages are." });
  return asMessages(call, from);
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
