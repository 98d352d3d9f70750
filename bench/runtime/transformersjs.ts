import { basename, dirname } from "node:path";
import { AutoModelForCausalLM, env, Tensor } from "@huggingface/transformers";
import { cpuMs, emptyResult, medianOf, rssMb, runtimeTask } from "./task.ts";

/** Greedy decoding in transformers.js, in a process of its own; times are those between two tokens of its streamer. */
const task = runtimeTask();
env.allowRemoteModels = false;
env.localModelPath = dirname(task.model);
const model = await AutoModelForCausalLM.from_pretrained(basename(task.model), {
  dtype: "q4",
  session_options: { intraOpNumThreads: task.threads, interOpNumThreads: 1 },
});
const result = emptyResult(task);
for (let round = 0; round < task.rounds; round++) {
  for (const [which, context] of task.contexts.entries()) {
    const prompt = task.ids.slice(0, context);
    const tokens: number[] = [];
    const times: number[] = [];
    let last = 0;
    let cpuBefore = 0;
    const streamer = {
      put(values: bigint[][]) {
        const ids = values.flat();
        const now = performance.now();
        if (ids.length === 1) {
          if (tokens.length > 0) times.push(now - last);
          else cpuBefore = cpuMs();
          tokens.push(Number(ids[0]));
        }
        last = now;
      },
      end() {},
    };
    const ids = new Tensor("int64", BigInt64Array.from(prompt, BigInt), [1, prompt.length]);
    const mask = new Tensor("int64", new BigInt64Array(prompt.length).fill(1n), [1, prompt.length]);
    // biome-ignore lint/suspicious/noExplicitAny: its types ask for a whole streamer and configuration
    await model.generate({ inputs: ids, attention_mask: mask, max_new_tokens: task.decode + 1, do_sample: false, streamer } as any);
    result.decodeCpuMs[which]?.push((cpuMs() - cpuBefore) / times.length);
    result.decodeMs[which]?.push(medianOf(times));
    result.tokens = tokens;
  }
}
process.stdout.write(JSON.stringify({ ...result, rssMb: rssMb() }));
await model.dispose();
