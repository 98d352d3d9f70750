import { expect, test } from "vitest";
import { localRequest } from "../src/index.ts";
import { scriptedModel, stepsOf } from "../src/testing.ts";
import { collect, fold } from "./scripted.ts";

const request = (parameters = {}) => localRequest({ model: "m", messages: [{ role: "user", text: "?" }], parameters });

test("a text is an answer that ends by itself", async () => {
  const call = fold(await collect(scriptedModel(() => "hello").call(request())));
  expect(call).toMatchObject({
    ending: "complete",
    model: { provider: "local", asked: "m", served: "scripted" },
    answers: [{ text: "hello", finish: { reason: "stop" } }],
  });
});

test("finish, steps, counts and errors are those of the script", async () => {
  const model = scriptedModel(() => ({ text: "ab", finish: { reason: "output-cap" }, steps: stepsOf("a", "b"), promptTokens: 3, outputTokens: 2 }));
  const call = fold(await collect(model.call(request())));
  expect(call).toMatchObject({
    usage: { inputTokens: 3, outputTokens: 2 },
    answers: [{ finish: { reason: "output-cap" }, steps: stepsOf("a", "b") }],
  });
  const failed = scriptedModel(() => ({ text: "so f", error: { kind: "overloaded", message: "busy" } }));
  expect(fold(await collect(failed.call(request())))).toMatchObject({ ending: "cut", error: { kind: "overloaded" }, answers: [{ text: "so f" }] });
});

test("the script draws: anew each time, the same for the same seed, the same again from a model made the same way", async () => {
  const made = () => scriptedModel((_, random) => String(random()));
  const texts = async (model: ReturnType<typeof made>, parameters = {}) => {
    const all = [];
    for (let i = 0; i < 3; i++) all.push(fold(await collect(model.call(request(parameters)))).answers[0]?.text);
    return all;
  };
  const free = await texts(made());
  expect(new Set(free).size).toBe(3);
  expect(await texts(made())).toEqual(free);
  expect(new Set(await texts(made(), { seed: 5 })).size).toBe(1);
});

test("an aborted call says nothing", async () => {
  const call = fold(await collect(scriptedModel(() => "hello").call(request(), AbortSignal.abort())));
  expect(call).toMatchObject({ ending: "cancelled", answers: [{ text: "", finish: { reason: "cancelled" } }] });
});
