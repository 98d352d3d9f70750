import type { JsonObject } from "@cutaway/core";
import { addedTokenJson } from "./kept-tokens.ts";

/** What differs from one tokenizer.json to another. */
export interface TokenizerJsonParts {
  model: JsonObject;
  normalizer: JsonObject | null;
  preTokenizer: JsonObject | null;
  decoder: JsonObject;
  /** Ids of the model's vocabulary … */
  specialTokens: readonly { content: string; id: number }[];
  /** … and the ids behind it. */
  keptTokens: readonly string[];
  modelSize: number;
}

/** A tokenizer in the form in which Hugging Face's `tokenizers` 0.20 and later saves it. */
export function tokenizerJson({ model, normalizer, preTokenizer, decoder, specialTokens, keptTokens, modelSize }: TokenizerJsonParts): JsonObject {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      ...specialTokens.map(({ content, id }) => addedTokenJson(content, id, true)),
      ...keptTokens.map((content, index) => addedTokenJson(content, modelSize + index, false)),
    ],
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder,
    model,
  };
}

/** The text of a tokenizer.json. */
export const writeTokenizerJson = ({ json }: { json: JsonObject }): string => `${JSON.stringify(json, null, 2)}\n`;
