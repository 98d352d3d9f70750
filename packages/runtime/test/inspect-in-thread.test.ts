import { afterAll, expect, test } from "vitest";
import { localRequest, openLocalModel } from "../src/index.ts";
import { tinyLlamaFile } from "../src/testing.ts";

const file = tinyLlamaFile();
const model = await openLocalModel(file.path, { threads: 1 });
afterAll(async () => {
  await model.close();
  file.remove();
});
const request = localRequest({ model: "tiny", messages: [{ role: "user", text: "hello there" }], local: { raw: true } });

test("the float32 network beside the fast one gives its logits, nearly", async () => {
  const { tokens, logits, values } = await model.probe({ request }, [{ hook: "blocks.*.attn.hook_pattern", heads: [1, 3] }]);
  const stepper = await model.stepper();
  const fast = await stepper.feed(tokens.map(({ id }) => id));
  expect(Math.max(...fast.map((logit, at) => Math.abs(logit - (logits?.[at] as number))))).toBeLessThan(1e-3);
  stepper.close();
  expect(values.map(({ hook, shape }) => [hook, shape])).toEqual(
    [0, 1].map((layer) => [`blocks.${layer}.attn.hook_pattern`, [2, tokens.length, tokens.length]]),
  );
});

test("work that nobody wants any more ends, and the model answers the next question", async () => {
  const stopping = new AbortController();
  const work = model.inspect("ablation", { request }, { of: "heads" }, { signal: stopping.signal, onProgress: () => stopping.abort() });
  await expect(work).rejects.toMatchObject({ code: "interrupted", kind: "interrupted" });
  const { rows } = await model.inspect("lens", { request }, {});
  expect(rows).toHaveLength(3);
});

test("what is wrong with a question is said by name", async () => {
  await expect(model.probe({ request }, [{ hook: "blocks.9.hook_resid_pre" }])).rejects.toMatchObject({ code: "unknown-hook" });
  await expect(model.inspect("routing", { request }, {})).rejects.toMatchObject({ code: "no-experts" });
  await expect(model.inspect("attention", { request }, { layers: [2] })).rejects.toMatchObject({ code: "out-of-range" });
  await expect(model.inspect("token", { request, answer: [1e6] }, {})).rejects.toMatchObject({ code: "unknown-token" });
});
