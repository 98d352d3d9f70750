import type { SamplerParameters } from "@cutaway/sampling";

/** A task that the peer can do too, and how it does it. */
export interface PeerAnswer {
  parameters: SamplerParameters;
  /** Whether more than the token is asked for. */
  isReported: boolean;
  choose(logits: Float32Array, history: bigint[][]): Promise<number>;
}
