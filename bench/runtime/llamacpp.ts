import type { Token } from "node-llama-cpp";
import { cpuMs, emptyResult, medianOf, rssMb, runtimeTask } from "./task.ts";

/** The same in llama.cpp, through node-llama-cpp. */
const task = runtimeTask();
const ids = task.ids as Token[];
const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
const llama = await getLlama({ gpu: false, build: "never", maxThreads: task.threads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: task.model });
const context = await model.createContext({ contextSize: task.contextSize, batchSize: 512, threads: task.threads, sequences: 1 });
const sequence = context.getSequence();
const result = emptyResult(task);
if (task.prefill > 0) {
  for (let round = 0; round < task.rounds; round++) {
    await sequence.clearHistory();
    const started = performance.now();
    const last = task.prefill - 1;
    await sequence.controlledEvaluate(
      ids.slice(0, task.prefill).map((token, i) => (i === last ? [token, { generateNext: { token: true } }] : token)),
    );
    result.prefillMs.push(performance.now() - started);
  }
}
for (const [which, context] of task.contexts.entries()) {
  const last = context - 1;
  const length = sequence.nextTokenIndex;
  if (length < last) await sequence.evaluateWithoutGeneratingNewTokens(ids.slice(length, last));
  for (let round = 0; round < task.rounds; round++) {
    await sequence.eraseContextTokenRanges([{ start: last, end: sequence.nextTokenIndex }]);
    const tokens: number[] = [];
    const times: number[] = [];
    let before = 0;
    let cpuBefore = 0;
    for await (const token of sequence.evaluate(ids.slice(last, context), { temperature: 0 })) {
      const now = performance.now();
      if (tokens.length > 0) times.push(now - before);
      else cpuBefore = cpuMs();
      before = now;
      tokens.push(token);
      if (tokens.length > task.decode) break;
    }
    result.decodeCpuMs[which]?.push((cpuMs() - cpuBefore) / times.length);
    result.decodeMs[which]?.push(medianOf(times));
    result.tokens = tokens;
  }
}
process.stdout.write(JSON.stringify({ ...result, rssMb: rssMb() }));
await llama.dispose();
