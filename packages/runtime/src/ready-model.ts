import type { Stepper, Tokenizer } from "@cutaway/core";
import type { LocalModelInfo } from "./model-info.ts";
import { createPromptReader, type PromptReader } from "./prompt-reader.ts";
import { tokenBytes } from "./token-bytes.ts";

/** A network with its vocabulary, ready to answer one call after the other. */
export interface ReadyModel {
  info: LocalModelInfo;
  tokenizer: Tokenizer;
  stepper: Stepper;
  reader: PromptReader;
  bytesOf(id: number): Uint8Array;
}

export function readyModel({ info, tokenizer, stepper }: Pick<ReadyModel, "info" | "tokenizer" | "stepper">): ReadyModel {
  return { info, tokenizer, stepper, reader: createPromptReader(stepper), bytesOf: tokenBytes(tokenizer) };
}
