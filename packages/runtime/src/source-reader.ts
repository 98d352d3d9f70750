import type { SpecialToken, Stepper } from "@cutaway/core";
import { createPromptReader, type PromptReader } from "./prompt-reader.ts";

/** The stepper of an encoder–decoder: its tape is the decoder's, and begins anew with each source. */
export interface SourceStepper extends Stepper {
  readSource(ids: ArrayLike<number>): Promise<void>;
}

export const hasSource = (stepper: Stepper): stepper is SourceStepper => "readSource" in stepper;

/** Reads prompts as the network takes them: the encoder of an encoder–decoder, or the tape itself. */
export function readerOf(stepper: Stepper, { decoderStart }: { decoderStart?: SpecialToken }): PromptReader {
  return decoderStart && hasSource(stepper) ? createSourceReader(stepper, decoderStart.id) : createPromptReader(stepper);
}

/** Prompts go to the encoder, whole: every state depends on all tokens, so only the very same source is not read again. */
export function createSourceReader(stepper: SourceStepper, start: number): PromptReader {
  let kept: { ids: Uint32Array; logits: Float32Array } | undefined;
  const isKept = (ids: ArrayLike<number>) => kept?.ids.length === ids.length && kept.ids.every((id, at) => id === ids[at]);
  return {
    shared: (ids) => (isKept(ids) ? ids.length : 0),
    forget() {
      kept = undefined;
    },
    async read(ids, isStopped) {
      if (isStopped()) return undefined;
      if (kept && isKept(ids)) {
        stepper.truncate(1);
        return kept.logits;
      }
      kept = undefined;
      await stepper.readSource(ids);
      if (isStopped()) return undefined;
      kept = { ids: ids.slice(), logits: (await stepper.feed([start])).slice() };
      return kept.logits;
    },
  };
}
