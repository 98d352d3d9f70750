import type { Random } from "@cutaway/core";
import type { Distribution, StageEffect } from "./distribution.ts";

/** The names of the stages, as the field spells the parameters; files and reports carry them. */
export type StageName =
  | "logit_bias"
  | "grammar"
  | "repetition_penalty"
  | "frequency_penalty"
  | "presence_penalty"
  | "dry"
  | "no_repeat_ngram"
  | "temperature"
  | "top_n_sigma"
  | "top_h"
  | "top_k"
  | "top_p"
  | "min_p"
  | "typical_p"
  | "epsilon_cutoff"
  | "eta_cutoff"
  | "xtc"
  | "mirostat";

/** What a stage may look at beside the distribution. */
export interface StageContext {
  /** The tokens so far, prompt and answer, oldest first. */
  history: ArrayLike<number>;
  /** Where the answer begins in the history. */
  answerStart: number;
  vocabSize: number;
  /** For the stages that draw. */
  random: Random;
  /** Which tokens the grammar allows: bit `id & 31` of word `id >>> 5`. */
  mask: Uint32Array | undefined;
}

/** One step from logits to the distribution that is drawn from. Stages know nothing of one another. */
export interface Stage {
  name: StageName;
  setting: number;
  /** Changes the distribution in place and leaves its sums up to date. */
  apply(distribution: Distribution, context: StageContext): StageEffect;
  /** Told what was drawn, with its probability after all stages: for stages that learn from it. */
  drawn?(probability: number): void;
}
