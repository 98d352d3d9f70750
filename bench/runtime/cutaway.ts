import { loadEngine } from "../../packages/runtime/src/engine/load-engine.ts"; // the engine alone: what else the package has is no part of its memory
import { argmax, cpuMs, medianOf, type RuntimeResult, rssMb, runtimeTask } from "./task.ts";

/** Prompt evaluation and greedy decoding of Cutaway's engine, in a process of its own. */
const task = runtimeTask();
const engine = await loadEngine(task.model, { threads: task.threads, contextSize: task.contextSize });
const stepper = engine.stepper();
const result: RuntimeResult = { prefillMs: [], decodeMs: task.prompts.map(() => []), decodeCpuMs: task.prompts.map(() => []), rssMb: 0, tokens: [] };
for (let round = 0; round < task.rounds; round++) {
  if (task.prefill.length > 0) {
    stepper.truncate(0);
    const started = performance.now();
    argmax(await stepper.feed(task.prefill));
    result.prefillMs.push(performance.now() - started);
  }
  for (const [which, prompt] of task.prompts.entries()) {
    stepper.truncate(0);
    const tokens = [argmax(await stepper.feed(prompt))];
    const times: number[] = [];
    const cpuBefore = cpuMs();
    for (let i = 0; i < task.decode; i++) {
      const started = performance.now();
      tokens.push(argmax(await stepper.feed(tokens.slice(-1))));
      times.push(performance.now() - started);
    }
    result.decodeCpuMs[which]?.push((cpuMs() - cpuBefore) / task.decode);
    result.decodeMs[which]?.push(medianOf(times));
    if (which === 0) result.tokens = tokens;
  }
}
process.stdout.write(JSON.stringify({ ...result, rssMb: rssMb() }));
engine.close();
