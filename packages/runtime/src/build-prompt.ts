import { CutawayError, type EncodeOptions, type LocalRun, type Message, type PromptToken, type Request, type SegmentKind } from "@cutaway/core";
import type { ReadyModel } from "./ready-model.ts";

export interface BuiltPrompt {
  tokens: PromptToken[];
  /** The beginning of the answer, where the request gives one: it is read after the prompt and never truncated. */
  prefill: PromptToken[];
  template: LocalRun["template"]["used"];
}

type Vocabulary = Pick<ReadyModel, "info" | "tokenizer" | "bytesOf">;

/**
 * The tokens of a request: its messages through the chat template, or their texts as they are; BOS; the beginning of the answer.
 * @throws `no-chat-template`, `empty-prompt`, `no-bos-token`, and what the template refuses
 */
export function buildPrompt(request: Request, model: Vocabulary): BuiltPrompt {
  const { local = {}, messages } = request;
  const encodeOptions: EncodeOptions = local.parseSpecial ? { allowedSpecial: "all" } : { disallowedSpecial: "as-text" };
  const tokensOf = (text: string, segment: SegmentKind) => encode(text, segment, encodeOptions, model);
  if (!local.raw) throw new CutawayError("no-chat-template", "chat templates are not read yet", { fix: "Use raw text (--raw)." });
  const tokens = rawTokens(messages, tokensOf);
  return {
    tokens: withBos(tokens, local.bos, model),
    prefill: tokensOf(local.prefill ?? "", "history"),
    template: local.raw ? "none" : local.template === undefined ? "model" : "request",
  };
}

function rawTokens(messages: readonly Message[], tokensOf: (text: string, segment: SegmentKind) => PromptToken[]): PromptToken[] {
  return messages.flatMap(({ parts }) => tokensOf(parts.map((p) => (p.type === "text" ? p.text : "")).join(""), "user"));
}

function encode(text: string, segment: SegmentKind, options: EncodeOptions, { tokenizer, bytesOf }: Vocabulary): PromptToken[] {
  const specials = new Set<number>(tokenizer.specialTokens.values());
  return Array.from(tokenizer.encode(text, options), (id) => ({
    id: id as PromptToken["id"] & number,
    bytes: bytesOf(id),
    segment,
    ...(specials.has(id) && { special: true as const }),
  }));
}

function withBos(tokens: PromptToken[], policy: "auto" | "always" | "never" = "auto", { info, bytesOf }: Vocabulary): PromptToken[] {
  const { bos, addBos } = info.specials;
  if (!bos) return tokens;
  if (policy === "never" || (policy === "auto" && (!addBos || tokens[0]?.id === bos.id))) return tokens;
  return [{ id: bos.id, bytes: bytesOf(bos.id), segment: "template", special: true }, ...tokens];
}
