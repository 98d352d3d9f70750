import { localRequest, openLocalModel } from "@cutaway/runtime";
import { type SpeedResult, speedTask } from "./speed-protocol.ts";

/** The same work as a caller of the product has it done: local calls over their thread, every step with alternatives and stages. */
const task = speedTask();
const model = await openLocalModel(task.model, { threads: task.threads, contextSize: 2048 });
const tokenizer = model.tokenizer?.tokenizer;
if (!tokenizer) throw new Error("the model has no tokenizer");

const result: SpeedResult = { prefillMs: [], decodeMs: [], tokens: [] };
for (let round = 0; round < task.rounds; round++) {
  // Another first word each round: nothing of the round before can be reused.
  const timesOf = async (ids: number[], maxOutputTokens: number) => {
    const text = `${round} ${tokenizer.decode(ids)}`;
    const request = localRequest({
      model: "bench",
      messages: [{ role: "user", text }],
      parameters: { temperature: 0, maxOutputTokens },
      local: { raw: true },
    });
    const times: number[] = [];
    for await (const event of model.call(request)) if (event.type === "token-step") times.push(event.step.at ?? Number.NaN);
    return times;
  };
  const [first = Number.NaN] = await timesOf(task.prefill, 1);
  result.prefillMs.push(first);
  const times = await timesOf(task.prompt, task.decode + 1);
  if (times.length <= task.decode) throw new Error(`the answer ended by itself after ${times.length} tokens: nothing to compare`);
  result.decodeMs.push(times.slice(1).map((at, i) => at - (times[i] as number)));
}
process.stdout.write(JSON.stringify(result));
await model.close();
