import { CutawayError, type JsonValue, type Tokenizer } from "@cutaway/core";

export function fromTokenizerJson(_json: JsonValue | Uint8Array, name: string): Tokenizer {
  throw new CutawayError("unsupported-tokenizer", `${name}: tokenizer.json files are not read yet`);
}
