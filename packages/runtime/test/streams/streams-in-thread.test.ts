import type { CallEvent } from "@cutaway/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalModel, localRequest, openLocalModel } from "../../src/index.ts";
import { tinyLlamaFile } from "../../src/testing.ts";
import { collect, fold } from "../scripted.ts";

const file = tinyLlamaFile({ seed: 3, trainedContext: 8192, endless: true });
let model: LocalModel;
let alone: LocalModel;

beforeAll(async () => {
  [model, alone] = await Promise.all([openLocalModel(file.path, { threads: 1, streams: 4 }), openLocalModel(file.path, { threads: 1 })]);
});
afterAll(async () => {
  await Promise.all([model.close(), alone.close()]);
  file.remove();
});

const request = (text: string, parameters = {}, local = {}) =>
  localRequest({ model: "tiny", messages: [{ role: "user", text }], parameters: { temperature: 0, maxOutputTokens: 60, ...parameters }, local });
const stepTimes = (events: CallEvent[]) => events.flatMap((event) => (event.type === "token-step" ? [event.step.at ?? 0] : []));
const tokensOf = (events: CallEvent[]) => fold(events).answers[0]?.steps?.map(({ id, logprob }) => [id, logprob]);

describe("calls side by side", () => {
  test("each gets the very tokens and numbers that it gets alone", async () => {
    const texts = ["one", "another question ".repeat(20), "a third", "the fourth, with another end"];
    const together = await Promise.all(texts.map((text) => collect(model.call(request(text)))));
    for (const [at, text] of texts.entries()) expect(tokensOf(together[at] ?? [])).toEqual(tokensOf(await collect(alone.call(request(text)))));
  });

  test("they advance together, token by token", async () => {
    const all = await Promise.all(["a", "b", "c", "d"].map((text) => collect(model.call(request(text, { maxOutputTokens: 200 })))));
    const times = all.map(stepTimes);
    expect(times.map((each) => each.length)).toEqual([200, 200, 200, 200]);
    // Where they ran one after the other, the last would begin when the first three have ended.
    const [firstEnd, lastMiddle] = [Math.min(...times.map((each) => each.at(-1) ?? 0)), Math.max(...times.map((each) => each[100] ?? 0))];
    expect(lastMiddle).toBeLessThan(firstEnd);
  });

  test("one too many waits until another has ended", async () => {
    const running = ["a", "b", "c", "d"].map((text) => collect(model.call(request(text, { maxOutputTokens: 300 }))));
    const late = collect(model.call(request("late", { maxOutputTokens: 5 })));
    const lateTimes = stepTimes(await late);
    const ends = (await Promise.all(running)).map((events) => stepTimes(events).at(-1) ?? 0);
    expect(lateTimes[0]).toBeGreaterThan(Math.min(...ends) * 0.9);
    expect(lateTimes).toHaveLength(5);
  });

  test("one that is cancelled while it waits is gone before any other has ended", async () => {
    const controller = new AbortController();
    const long = ["a", "b", "c", "d"].map((text) => model.call(request(text, { maxOutputTokens: 4000 }))[Symbol.asyncIterator]());
    await Promise.all(long.map((events) => events.next()));
    const waiting = collect(model.call(request("late"), controller.signal));
    // Those that run have to be read, or they stop for their readers, and nobody takes a turn.
    let isOver = false;
    const reading = long.map(async (events) => {
      while (!isOver) await events.next();
      await events.return?.();
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    const call = fold(await waiting);
    expect(call).toMatchObject({ ending: "cancelled", answers: [{ text: "" }] });
    isOver = true;
    await Promise.all(reading);
  });
});

test("a reader that is slow makes the model wait; one that reads on gets everything", async () => {
  const events = model.call(request("slow", { maxOutputTokens: 3000, topLogprobs: 0 }))[Symbol.asyncIterator]();
  const first = await events.next();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  // By now a tiny model would have made a thousand tokens and more.
  const before = performance.timeOrigin + performance.now();
  const issued = first.value?.type === "call-start" ? (first.value.issued ?? 0) : 0;
  const steps: number[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.type === "token-step") steps.push(issued + (next.value.step.at ?? 0));
  }
  expect(steps).toHaveLength(3000);
  expect(steps.filter((at) => at < before).length).toBeLessThan(9 * 64);
});

test("a prompt of token ids is read as it is", async () => {
  const ids = [70, 71, 72, 200, 70];
  const made = fold(
    await collect(
      model.call({ ...localRequest({ model: "tiny", messages: [], parameters: { temperature: 0, maxOutputTokens: 3 } }), local: { tokens: ids } }),
    ),
  );
  expect(made.prompt?.map(({ id }) => id)).toEqual(ids);
  expect(made.local?.template.used).toBe("none");
  const [scored] = (await model.score([...ids, made.answers[0]?.steps?.[0]?.id as number])).tokens.slice(-1);
  expect(scored?.rank).toBe(0);
});

test("scoring gives as many alternatives as asked, and ends when nobody wants it any more", async () => {
  const ids = Array.from({ length: 4000 }, (_, i) => 50 + (i % 100));
  expect((await model.score(ids.slice(0, 5), { depth: 3 })).tokens.map(({ top }) => top.length)).toEqual([3, 3, 3, 3]);
  const controller = new AbortController();
  const scoring = model.score(ids, { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await expect(scoring).rejects.toMatchObject({ code: "interrupted" });
});
