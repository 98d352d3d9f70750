import { foldCall, newCallId, seededRandom } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import { readInput } from "@cutaway/provider";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";

/** From recorded bytes to the Explanation of a call whose answer has 4,096 tokens, with and without logprobs. */
export default async function explainBench(): Promise<BenchResult> {
  const tokenizer = await loadTokenizer("o200k_base");
  const sources = { catalog, loadTokenizer: async () => tokenizer };
  const time = async (bytes: Uint8Array) => {
    const start = performance.now();
    for await (const item of readInput(bytes, "bench.json")) {
      if (item.kind !== "call") throw new Error(`the bench's own body was not understood: ${item.says}`);
      const call = foldCall(item.events, { id: newCallId(), origin: { kind: "file" } });
      const explanation = await explain(call, sources);
      if (explanation.strips[0]?.tokens.length === 0) throw new Error("nothing was explained");
    }
    return performance.now() - start;
  };
  const measured = async (bytes: Uint8Array) => {
    const first = await time(bytes);
    const times: number[] = [];
    for (let i = 0; i < 41; i++) times.push(await time(bytes));
    return { first_in_process_ms: first, ...spread(times.slice(20)) };
  };
  const withLogprobs = await measured(pair(4096, true));
  const plain = await measured(pair(4096, false));
  return {
    metrics: { explain_4k_ms: Math.max(plain.median, withLogprobs.median) },
    detail: { plain, with_logprobs: withLogprobs, says: "decode, fold, count, price, all rules; explain_4k_ms is the dearer of the two medians" },
  };
}

/** A request/response pair of chat completions with `n` answer tokens of seeded words. */
export function pair(n: number, logprobs: boolean): Uint8Array {
  const random = seededRandom(4096);
  const words = [
    "the",
    "model",
    "answer",
    "token",
    "probability",
    "because",
    "under",
    "of",
    "seven",
    "river",
    "stone",
    "walks",
    "slowly",
    "toward",
    "light",
    "and",
  ];
  const tokens = Array.from({ length: n }, () => ` ${words[Math.floor(random() * words.length)]}`);
  const content = tokens.map((token) => ({
    token,
    bytes: [...new TextEncoder().encode(token)],
    logprob: -random() * 3,
    top_logprobs: top(token, random),
  }));
  const request = {
    model: "gpt-4o",
    messages: [{ role: "user", content: `Tell a long story. ${"It has many parts. ".repeat(100)}` }],
    max_tokens: 8000,
  };
  const response = {
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_780_000_000,
    model: "gpt-4o-2024-08-06",
    choices: [{ index: 0, message: { role: "assistant", content: tokens.join("") }, logprobs: logprobs ? { content } : null, finish_reason: "stop" }],
    usage: { prompt_tokens: 520, completion_tokens: n, total_tokens: 520 + n },
  };
  return new TextEncoder().encode(JSON.stringify({ request, response }));
}

const top = (token: string, random: () => number) =>
  Array.from({ length: 5 }, (_, i) => ({ token: i === 0 ? token : `${token}${i}`, logprob: -random() * 3 - i, bytes: null }));
