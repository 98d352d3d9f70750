import type { Distribution } from "./distribution.ts";

/** The names of the stages, as the field spells the parameters; files and reports carry them. */
export type StageName = "repetition_penalty" | "temperature" | "top_k" | "top_p" | "min_p";

/** What a stage may look at beside the distribution, and memory it may use. */
export interface StageContext {
  /** The tokens so far, prompt and answer, oldest first. */
  history: ArrayLike<number>;
  vocabSize: number;
  /** [vocabSize] */
  scratchIds: Uint32Array;
  /** [vocabSize]; what it holds means nothing from one stage to the next. */
  scratchScores: Float32Array;
}

export interface StageEffect {
  /** Probability of the tokens it took out, under the distribution before it. */
  removedMass: number;
  /** KL(after ‖ before), nats. */
  kl: number;
}

/** One step from logits to the distribution that is drawn from. Stages know nothing of one another. */
export interface Stage {
  name: StageName;
  setting: number;
  /** Changes the distribution in place and leaves its sums up to date. */
  apply(distribution: Distribution, context: StageContext): StageEffect;
}

/** The effect of a stage that only takes tokens out: what is left grows by the same factor everywhere. */
export const effectOfCut = (removedMass: number): StageEffect => ({ removedMass, kl: removedMass > 0 ? -Math.log1p(-removedMass) : 0 });
