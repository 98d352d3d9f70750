import type { Call } from "./call.ts";

/** All in milliseconds; absent where an instant is missing. */
export interface Durations {
  /** Time to first token: `firstToken - issued`, of any kind, queueing included. */
  ttft?: number;
  /** Time to the first token of answer text, reasoning excluded. */
  ttfText?: number;
  /** `closed - issued`. */
  total?: number;
  /**
   * Time per output token after the first: (lastToken - firstToken) / (n - 1), the formula of vLLM's benchmark.
   * n is `usage.outputTokens`; absent for n < 2 or n unknown.
   */
  tpot?: number;
  /** Gaps between chunks: not gaps between tokens, since a chunk may carry several. */
  chunkGaps?: { count: number; p50: number; p95: number; max: number };
  /** Silence between the last chunk and the close. */
  tail?: number;
}

export function durationsOf(call: Call): Durations {
  const { firstToken, firstText, lastToken, closed, chunks } = call.instants;
  const n = call.usage.outputTokens;
  const durations: Durations = {};
  if (firstToken !== undefined) durations.ttft = firstToken;
  if (firstText !== undefined) durations.ttfText = firstText;
  if (closed !== undefined) durations.total = closed;
  if (firstToken !== undefined && lastToken !== undefined && n !== undefined && n > 1 && lastToken > firstToken) {
    durations.tpot = (lastToken - firstToken) / (n - 1);
  }
  if (chunks && chunks.length > 1) {
    const gaps = chunks.slice(1).map(([at], i) => at - (chunks[i] as [number, number])[0]);
    gaps.sort((a, b) => a - b);
    durations.chunkGaps = { count: gaps.length, p50: quantile(gaps, 0.5), p95: quantile(gaps, 0.95), max: gaps[gaps.length - 1] as number };
  }
  const lastChunk = chunks?.[chunks.length - 1];
  if (closed !== undefined && lastChunk) durations.tail = closed - lastChunk[0];
  return durations;
}

/** Linear interpolation between order statistics, as numpy's default. sorted  ascending, not empty; q  0 to 1. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (at - below);
}
