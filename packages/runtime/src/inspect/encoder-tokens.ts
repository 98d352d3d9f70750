import { CutawayError, type PromptToken, type Request, type TokenId } from "@cutaway/core";
import type { Vocabulary } from "../ready-model.ts";

/**
 * A text as an encoder reads it for its vectors: with what its tokenizer puts around it.
 * @throws `unsupported-parameter` for what an encoder has no place for; `empty-prompt`
 */
export function encoderTokens({ messages, local = {} }: Request, { info, tokenizer, bytesOf }: Vocabulary): PromptToken[] {
  const [message, ...others] = messages;
  const extra = others.length > 0 ? "messages" : (["prefill", "bos", "template"] as const).find((name) => local[name] !== undefined);
  if (extra !== undefined) {
    throw new CutawayError("unsupported-parameter", `${extra}: ${info.name} is an encoder and reads one text`, {
      fix: "Give the text alone.",
      data: { parameters: [extra] },
    });
  }
  const text = message?.parts.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
  if (text === "") throw new CutawayError("empty-prompt", "the text is empty: there is nothing to read", { fix: "Give it a text." });
  return Array.from(tokenizer.encode(text, { allowedSpecial: "all", addSpecialTokens: true }), (id): PromptToken => {
    const isSpecial = tokenizer.kindOf(id) === "special";
    return { id: id as TokenId, bytes: bytesOf(id), segment: isSpecial ? "template" : "user", ...(isSpecial && { special: true }) };
  });
}
