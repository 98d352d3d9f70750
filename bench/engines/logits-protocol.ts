import { readFileSync } from "node:fs";

/** What the parent asks of an engine's process: a JSON file named on the command line. */
export interface LogitsTask {
  model: string;
  threads: number;
  windows: number[][];
}

export const argumentsOf = (): LogitsTask => JSON.parse(readFileSync(process.argv[2] as string, "utf8")) as LogitsTask;

/** One position's logits to the parent, float32 as they lie in memory; waits until the pipe has room. */
export async function sendLogits(logits: Float32Array): Promise<void> {
  const bytes = Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength);
  if (process.stdout.write(bytes)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}
