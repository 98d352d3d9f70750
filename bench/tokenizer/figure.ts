import type { BenchResult } from "../run.ts";

/** One file beside this one measures one matter: its metrics, the peers' versions, and everything behind the figures. */
export type Figure = () => Promise<BenchResult>;

export const geometricMean = (values: number[]): number => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
