import { readFileSync } from "node:fs";

/** What the parent asks of an engine's process: a JSON file named on the command line. */
export interface LogitsTask {
  model: string;
  threads: number;
  windows: number[][];
  /** `logits`: the whole row after each token. `logprobs`: of each token of a window but the first, its log probability, as one float64. */
  wanted: "logits" | "logprobs";
}

export const argumentsOf = (): LogitsTask => JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as LogitsTask;

/** One position's logits to the parent, float32 as they lie in memory; waits until the pipe has room. */
export const sendLogits = (logits: Float32Array): Promise<void> => send(logits.slice());

/** The log probability of `id` by the logits before it. */
export function sendLogprob(logits: Float32Array, id: number): Promise<void> {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) if ((logits[i] as number) > max) max = logits[i] as number;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] as number) - max);
  return send(Float64Array.of((logits[id] as number) - max - Math.log(sum)));
}

/** The numbers are not written to afterwards. */
async function send({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): Promise<void> {
  if (process.stdout.write(Buffer.from(buffer, byteOffset, byteLength))) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}
