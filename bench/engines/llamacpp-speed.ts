import type { Token } from "node-llama-cpp";
import { type SpeedResult, type SpeedTask, speedTask } from "./speed-protocol.ts";

/** Prefill and greedy decode of llama.cpp through node-llama-cpp, in a process of its own. */
const task: SpeedTask = speedTask();
const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
const llama = await getLlama({ gpu: false, build: "never", maxThreads: task.threads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath: task.model });
const context = await model.createContext({ contextSize: 2048, batchSize: 512, threads: task.threads, sequences: 1 });
const sequence = context.getSequence();

const result: SpeedResult = { prefillMs: [], decodeMs: [], tokens: [] };
for (let round = 0; round < task.rounds; round++) {
  await sequence.clearHistory();
  const started = performance.now();
  await sequence.controlledEvaluate(
    task.prefill.map((token, i) => (i === task.prefill.length - 1 ? [token as Token, { generateNext: { token: true } }] : (token as Token))),
  );
  result.prefillMs.push(performance.now() - started);

  await sequence.clearHistory();
  const times: number[] = [];
  let last = 0;
  result.tokens = [];
  for await (const token of sequence.evaluate(task.prompt as Token[], { temperature: 0 })) {
    const now = performance.now();
    if (result.tokens.length > 0) times.push(now - last);
    last = now;
    result.tokens.push(token);
    if (result.tokens.length > task.decode) break;
  }
  result.decodeMs.push(times);
}
process.stdout.write(JSON.stringify(result));
await llama.dispose();
