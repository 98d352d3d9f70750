import type { Token } from "node-llama-cpp";
import { argumentsOf, sendLogits } from "./logits-protocol.ts";

/** Logits of llama.cpp for every position of some windows of tokens, evaluated as batches, as a prompt is. */
const { model: modelPath, threads, windows } = argumentsOf();
const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: LlamaLogLevel.error });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads, sequences: 1 });
const sequence = context.getSequence();
for (const window of windows) {
  await sequence.clearHistory();
  // A few positions at a time: the binding keeps the whole vocabulary of each as a Map.
  for (let start = 0; start < window.length; start += 64) {
    const part = window.slice(start, start + 64) as Token[];
    const outputs = await sequence.controlledEvaluate(part.map((token) => [token, { generateNext: { logits: true } }]));
    for (const output of outputs) {
      const logits = new Float32Array(output?.next.logits?.size ?? 0);
      for (const [token, logit] of output?.next.logits ?? []) logits[token] = logit;
      await sendLogits(logits);
    }
  }
}
await llama.dispose();
