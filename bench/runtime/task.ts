import { readFileSync } from "node:fs";

/** What the parent asks of an engine's process: a JSON file named on the command line. */
export interface RuntimeTask {
  /** A GGUF file, or for transformers.js the folder of its ONNX layout. */
  model: string;
  threads: number;
  /** Positions there is room for. */
  contextSize: number;
  rounds: number;
  /** The text; prompts are its beginnings. */
  ids: number[];
  /** How much of it is evaluated at once and timed, from nothing; 0: none. */
  prefill: number;
  /** How much of it comes before the tokens that are decoded: the longest first, so that shorter ones are evaluated already. */
  contexts: number[];
  decode: number;
}

export interface RuntimeResult {
  prefillMs: number[];
  /** By context, then by round: the median time of a decoded token. */
  decodeMs: number[][];
  /** The same in CPU time of the whole process, the mean of a round. */
  decodeCpuMs: number[][];
  /** Resident memory of the whole process at its end, MB. */
  rssMb: number;
  /** Greedily decoded after the shortest context, to see that all do the same work. */
  tokens: number[];
}

export const runtimeTask = (): RuntimeTask => JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as RuntimeTask;

export const emptyResult = ({ contexts }: RuntimeTask): RuntimeResult => ({
  prefillMs: [],
  decodeMs: contexts.map(() => []),
  decodeCpuMs: contexts.map(() => []),
  rssMb: 0,
  tokens: [],
});

export const medianOf = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;

/** CPU time of this process since it began, ms. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Resident memory now, MB. */
export const rssMb = (): number => process.memoryUsage.rss() / 1e6;

export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] as number) > (logits[best] as number)) best = i;
  return best;
}
