import { fromTokenizerJson } from "@cutaway/tokenizer";
import type { TrainedTokenizer } from "@cutaway/tokenizer/training";

export interface HeldOutCount {
  bytes: number;
  tokens: number;
  bytesPerToken: number;
}

/** What a trained tokenizer makes of text that it was not trained on; undefined where there is none. */
export function heldOutCount({ json }: TrainedTokenizer, texts: readonly string[]): HeldOutCount | undefined {
  const tokenizer = fromTokenizerJson(json, "the trained tokenizer");
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const tokens = texts.reduce((sum, text) => sum + tokenizer.count(text, { disallowedSpecial: "as-text" }), 0);
  return tokens === 0 ? undefined : { bytes, tokens, bytesPerToken: bytes / tokens };
}
