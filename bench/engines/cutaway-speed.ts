import { loadEngine } from "@cutaway/runtime";
import { type SpeedResult, speedTask } from "./speed-protocol.ts";

/** Prefill and greedy decode of Cutaway's own engine, in a process of its own. */
const task = speedTask();
const engine = await loadEngine(task.model, { threads: task.threads, contextSize: 2048 });
const stepper = engine.stepper();

const result: SpeedResult = { prefillMs: [], decodeMs: [], tokens: [] };
for (let round = 0; round < task.rounds; round++) {
  stepper.truncate(0);
  const started = performance.now();
  argmax(await stepper.feed(task.prefill));
  result.prefillMs.push(performance.now() - started);

  stepper.truncate(0);
  const times: number[] = [];
  result.tokens = [argmax(await stepper.feed(task.prompt))];
  let last = performance.now();
  for (let i = 0; i < task.decode; i++) {
    result.tokens.push(argmax(await stepper.feed(result.tokens.slice(-1))));
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  result.decodeMs.push(times);
}
process.stdout.write(JSON.stringify(result));
engine.close();

function argmax(logits: Float32Array): number {
  let best = 0;
  for (let i = 1; i < logits.length; i++) if ((logits[i] as number) > (logits[best] as number)) best = i;
  return best;
}
