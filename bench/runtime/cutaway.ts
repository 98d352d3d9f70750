import { loadEngine } from "../../packages/runtime/src/engine/load-engine.ts"; // the engine alone: what else the package has is no part of its memory
import { argmax, cpuMs, emptyResult, medianOf, rssMb, runtimeTask } from "./task.ts";

/** Prompt evaluation and greedy decoding of Cutaway's engine, in a process of its own. */
const task = runtimeTask();
const engine = await loadEngine(task.model, { threads: task.threads, contextSize: task.contextSize });
const stepper = engine.stepper();
const result = emptyResult(task);
if (task.prefill > 0) {
  for (let round = 0; round < task.rounds; round++) {
    stepper.truncate(0);
    const started = performance.now();
    argmax(await stepper.feed(task.ids.slice(0, task.prefill)));
    result.prefillMs.push(performance.now() - started);
  }
}
for (const [which, context] of task.contexts.entries()) {
  const last = context - 1;
  if (stepper.length < last) await stepper.advance(task.ids.slice(stepper.length, last));
  for (let round = 0; round < task.rounds; round++) {
    stepper.truncate(last);
    const tokens = [argmax(await stepper.feed(task.ids.slice(last, context)))];
    const times: number[] = [];
    const cpuBefore = cpuMs();
    for (let i = 0; i < task.decode; i++) {
      const started = performance.now();
      tokens.push(argmax(await stepper.feed(tokens.slice(-1))));
      times.push(performance.now() - started);
    }
    result.decodeCpuMs[which]?.push((cpuMs() - cpuBefore) / task.decode);
    result.decodeMs[which]?.push(medianOf(times));
    result.tokens = tokens;
  }
}
process.stdout.write(JSON.stringify({ ...result, rssMb: rssMb() }));
engine.close();
