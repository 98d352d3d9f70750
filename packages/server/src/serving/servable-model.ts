import type { Model, Tokenizer } from "@cutaway/core";
import type { LocalModelInfo } from "@cutaway/runtime";

/** A model that an endpoint can be put over: `openLocalModel` gives one. */
export interface ServableModel extends Model {
  info: Pick<LocalModelInfo, "name" | "contextSize" | "template" | "specials" | "decoderStart" | "weights" | "engine">;
}

/** @throws where there is none: a local model without its tokenizer answers nothing */
export function tokenizerOf({ tokenizer, info }: ServableModel): Tokenizer {
  if (!tokenizer) throw new Error(`${info.name} has no tokenizer`);
  return tokenizer.tokenizer;
}
