import type { SpecialToken, TokenId } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { GgufMetadata } from "./gguf-metadata.ts";
import { preTokenizers } from "./pre-tokenizers.ts";

export interface GgufSpecials {
  bos?: SpecialToken;
  /** Every token that ends an answer: the file's EOS, end of turn and end of message, and tokens known by their text to be one of these. */
  ends: SpecialToken[];
  /** Whether a prompt begins with BOS, by `tokenizer.ggml.add_bos_token` or by the family's habit. */
  addBos: boolean;
}

/** By their texts, as llama.cpp finds them where a file does not name them. */
const endTexts = new Set([
  "<|eot_id|>",
  "<|im_end|>",
  "<|end|>",
  "<|return|>",
  "<|call|>",
  "<end_of_turn>",
  "<|endoftext|>",
  "<|end_of_text|>",
  "<|eom_id|>",
  "<EOT>",
  "[EOT]",
  "[EOS]",
  "</s>",
  "<｜end▁of▁sentence｜>",
  "<end_of_utterance>",
]);

/** What the texts begin with: a vocabulary is long, and hashing all of it takes time. */
const lessThan = 0x3c;
const bracket = 0x5b;

/** The special tokens of a GGUF file that a prompt or the end of an answer depend on. `name` names the file in errors. */
export function ggufSpecials(values: ReadonlyMap<string, GgufValue>, name: string): GgufSpecials {
  const metadata = new GgufMetadata(values, name);
  const tokens = metadata.strings("tokenizer.ggml.tokens");
  const token = (id: number): SpecialToken => ({ id: id as TokenId, text: tokens[id] as string });
  const bos = metadata.id("tokenizer.ggml.bos_token_id", tokens.length);
  const pre = preTokenizers.get(metadata.string("tokenizer.ggml.pre") ?? "default");
  return {
    ...(bos !== undefined && { bos: token(bos) }),
    ends: [...endIds(metadata, tokens)].toSorted((a, b) => a - b).map(token),
    addBos: bos !== undefined && (metadata.boolean("tokenizer.ggml.add_bos_token") ?? pre?.addBos ?? false),
  };
}

export function endIds(metadata: GgufMetadata, tokens: readonly string[]): Set<number> {
  const ids = new Set<number>();
  for (const key of ["eos", "eot", "eom"]) {
    const id = metadata.id(`tokenizer.ggml.${key}_token_id`, tokens.length);
    if (id !== undefined) ids.add(id);
  }
  for (let id = 0; id < tokens.length; id++) {
    const text = tokens[id] as string;
    const first = text.charCodeAt(0);
    if ((first === lessThan || first === bracket) && endTexts.has(text)) ids.add(id);
  }
  return ids;
}
