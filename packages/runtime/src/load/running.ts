import type { LocalRun, ScoredTokens, Stepper } from "@cutaway/core";
import type { EmbeddingInfo } from "../model-info.ts";
import type { ScoringOptions } from "../score-tokens.ts";

export interface RunOptions {
  path: string;
  threads?: number | undefined;
  contextSize?: number | undefined;
}

/** A network that is ready, whichever it is. */
export interface Running {
  architecture: string;
  engine: LocalRun["engine"];
  vocabSize: number;
  trainedContext: number;
  contextSize: number;
  cacheBytesPerToken?: number;
  /** `capacity`: positions it holds at most; default: the whole context. @throws `not-a-generator`, for an encoder */
  newStepper(capacity?: number): Stepper;
  score(tokens: ArrayLike<number>, options?: ScoringOptions): Promise<ScoredTokens>;
  /** Of an encoder only, with how it does it. */
  embeds?: EmbeddingInfo;
  embed?(texts: readonly string[], isStopped: () => boolean): Promise<Float32Array[]>;
  close(): void;
}
