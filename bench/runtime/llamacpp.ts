import type { Token } from "node-llama-cpp";
import { cpuMs, medianOf, type RuntimeResult, rssMb, runtimeTask } from "./task.ts";

/** The same in llama.cpp, through node-llama-cpp. */
const task = runtimeTask();
const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
const llama = await getLlama({ gpu: false, build: "never", maxThreads: task.threads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: task.model });
const context = await model.createContext({ contextSize: task.contextSize, batchSize: 512, threads: task.threads, sequences: 1 });
const sequence = context.getSequence();
const result: RuntimeResult = { prefillMs: [], decodeMs: task.prompts.map(() => []), decodeCpuMs: task.prompts.map(() => []), rssMb: 0, tokens: [] };
for (let round = 0; round < task.rounds; round++) {
  if (task.prefill.length > 0) {
    await sequence.clearHistory();
    const started = performance.now();
    const last = task.prefill.length - 1;
    await sequence.controlledEvaluate(
      task.prefill.map((token, i) => (i === last ? [token as Token, { generateNext: { token: true } }] : (token as Token))),
    );
    result.prefillMs.push(performance.now() - started);
  }
  for (const [which, prompt] of task.prompts.entries()) {
    await sequence.clearHistory();
    const tokens: number[] = [];
    const times: number[] = [];
    let last = 0;
    let cpuBefore = 0;
    for await (const token of sequence.evaluate(prompt as Token[], { temperature: 0 })) {
      const now = performance.now();
      if (tokens.length > 0) times.push(now - last);
      else cpuBefore = cpuMs();
      last = now;
      tokens.push(token);
      if (tokens.length > task.decode) break;
    }
    result.decodeCpuMs[which]?.push((cpuMs() - cpuBefore) / times.length);
    result.decodeMs[which]?.push(medianOf(times));
    if (which === 0) result.tokens = tokens;
  }
}
process.stdout.write(JSON.stringify({ ...result, rssMb: rssMb() }));
await llama.dispose();
