import { readFileSync } from "node:fs";

/** What the parent asks of an engine's process: a JSON file named on the command line. */
export interface SpeedTask {
  model: string;
  threads: number;
  rounds: number;
  /** Ids of the prompt whose evaluation is timed whole, and of the one that decoding starts from. */
  prefill: number[];
  prompt: number[];
  /** Tokens to decode greedily after `prompt`. */
  decode: number;
}

/** Wall times; of decoding, one a token. */
export interface SpeedResult {
  prefillMs: number[];
  decodeMs: number[][];
  /** The tokens decoded, to see that both sides do the same work. */
  tokens: number[];
}

export const speedTask = (): SpeedTask => JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as SpeedTask;
