import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type CallEvent, decodeUtf8, type LocalOptions } from "@cutaway/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalModel, localRequest, openLocalModel } from "../src/index.ts";
import { type TinyLlamaOptions, tinyLlama, tinyLlamaFile } from "../src/testing.ts";
import { modelInThread } from "../src/thread/model-in-thread.ts";
import { collect, fold } from "./scripted.ts";

let model: LocalModel;
const file = tinyLlamaFile({ seed: 3, trainedContext: 8192, endless: true });

beforeAll(async () => {
  model = await openLocalModel(file.path, { threads: 1 });
});
afterAll(async () => {
  await model.close();
  file.remove();
});

const request = (text: string, parameters = {}, local: LocalOptions = {}) =>
  localRequest({ model: "tiny", messages: [{ role: "user", text }], parameters: { maxOutputTokens: 20, seed: 11, ...parameters }, local });
const call = async (text: string, parameters = {}, local: LocalOptions = {}, on = model) =>
  fold(await collect(on.call(request(text, parameters, local))));
/** Goes on until the context is full, for seconds. */
const endless = () => localRequest({ model: "tiny", messages: [{ role: "user", text: "hello" }], parameters: { temperature: 0 } });
const tokensOf = (call: Awaited<ReturnType<typeof fold>>) =>
  call.answers[0]?.steps?.map(({ id, logprob, top }) => [id, logprob, top?.map(({ logprob }) => logprob)]);

describe("a call of a real network, in its thread", () => {
  test("is a whole call", async () => {
    const made = await call("hello");
    expect(made).toMatchObject({
      ending: "complete",
      model: { provider: "local", asked: "tiny", served: "tiny" },
      format: "local",
      local: {
        weights: { file: "tiny.gguf", architecture: "llama", quantization: "F32" },
        engine: { name: "onnxruntime", threads: 1 },
        contextSize: 8192,
      },
    });
    expect(made.local?.weights.sha256).toMatch(/^[0-9a-f]{64}$/);
    const steps = made.answers[0]?.steps ?? [];
    expect(steps.length).toBe(made.usage.outputTokens);
    expect(decodeUtf8(Uint8Array.from(steps.flatMap(({ bytes }) => [...bytes])))).toBe(made.answers[0]?.text);
    for (const { top, tailMass = 0 } of steps) {
      const mass = (top ?? []).reduce((sum, { logprob }) => sum + Math.exp(logprob), tailMass);
      expect(mass).toBeCloseTo(1, 6);
    }
  });

  test("the same request gives the same tokens and the same numbers, whatever was asked between", async () => {
    const text = "a long question ".repeat(12);
    const first = await call(text);
    const longer = await call(`${text}and more`);
    expect(longer.local?.reusedTokens).toBe(128);
    await call("something else");
    const again = await call(text);
    expect(again.local?.reusedTokens).toBe(0);
    const third = await call(text);
    expect(third.local?.reusedTokens).toBe(third.prompt?.length);
    expect(tokensOf(again)).toEqual(tokensOf(first));
    expect(tokensOf(third)).toEqual(tokensOf(first));
    const other = await openLocalModel(file.path, { threads: 1 });
    expect(tokensOf(await call(text, {}, {}, other))).toEqual(tokensOf(first));
    await other.close();
  });

  test("two calls at once are answered one after the other", async () => {
    const [a, b] = await Promise.all([call("first"), call("second")]);
    expect(tokensOf(a)).toEqual(tokensOf(await call("first")));
    expect(tokensOf(b)).toEqual(tokensOf(await call("second")));
    const clock = (made: typeof a, step: number) => (made.instants.issued ?? Number.NaN) + (made.answers[0]?.steps?.at(step)?.at ?? Number.NaN);
    expect(clock(b, 0)).toBeGreaterThan(clock(a, -1) - 1); // `issued` is a whole millisecond
  });

  test("aborted, it ends as cancelled, and the next is answered", async () => {
    const controller = new AbortController();
    const events: CallEvent[] = [];
    for await (const event of model.call(endless(), controller.signal)) {
      events.push(event);
      if (event.type === "token-step") controller.abort();
    }
    const cancelled = fold(events);
    expect(cancelled.ending).toBe("cancelled");
    expect(cancelled.answers[0]?.steps?.length).toBeLessThan(8000);
    expect((await call("hello")).ending).toBe("complete");
  });

  test("a signal that is already aborted: nothing is read", async () => {
    const cancelled = fold(await collect(model.call(request("hello"), AbortSignal.abort())));
    expect(cancelled).toMatchObject({ ending: "cancelled", usage: {} });
  });

  test("a consumer that leaves cancels the call", async () => {
    for await (const event of model.call(endless())) if (event.type === "token-step") break;
    const next = await call("hello");
    expect(next.ending).toBe("complete");
    expect(next.answers[0]?.steps?.[0]?.at).toBeLessThan(10_000);
  });

  test("what is wrong with a request is thrown, with its code and what to do, before anything is said", async () => {
    const events = model.call(request("hello", { serviceTier: "flex", user: "me" }))[Symbol.asyncIterator]();
    await expect(events.next()).rejects.toMatchObject({
      name: "CutawayError",
      code: "unsupported-parameter",
      kind: "usage",
      fix: "Leave them out.",
      data: { parameters: ["serviceTier", "user"] },
    });
  });

  test("the engine's own limits are the model's", () => {
    expect(model).toMatchObject({ contextWindow: 8192, access: { deterministic: true, internals: true } });
    expect(model.tokenizer).toMatchObject({ exact: true, tokenizer: { vocabSize: model.info.vocabSize } });
  });
});

describe("score and stepper, through the thread", () => {
  const ids = [3, 70, 80, 90, 100];

  test("a score is what the stepper's logits say", async () => {
    const { tokens, logprob } = await model.score(ids);
    expect(tokens.map(({ id }) => id)).toEqual(ids.slice(1));
    const stepper = await model.stepper();
    let sum = 0;
    for (const [i, id] of ids.slice(0, -1).entries()) {
      const logits = Float64Array.from(await stepper.feed([id]));
      const logSum = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
      const next = ids[i + 1] ?? -1;
      const expected = (logits[next] ?? 0) - logSum;
      expect(tokens[i]?.logprob).toBeCloseTo(expected, 4);
      expect(tokens[i]?.rank).toBe(logits.filter((logit) => logit > (logits[next] ?? 0)).length);
      sum += tokens[i]?.logprob ?? 0;
    }
    expect(logprob).toBeCloseTo(sum, 6);
    stepper.close();
  });

  test("a stepper goes back, branches, and refuses what does not fit", async () => {
    const stepper = await model.stepper();
    const straight = Array.from(await stepper.feed(ids));
    stepper.truncate(2);
    expect(stepper.length).toBe(2);
    const branch = await stepper.fork();
    const onBranch = Array.from(await branch.feed(ids.slice(2)));
    expect(Array.from(await stepper.feed(ids.slice(2)))).toEqual(onBranch);
    for (const [i, logit] of onBranch.entries()) expect(logit).toBeCloseTo(straight[i] ?? 0, 3);
    await expect(stepper.feed(new Uint32Array(9000))).rejects.toMatchObject({ code: "context-full" });
    expect(stepper.length).toBe(5);
    await expect(stepper.feed([100_000])).rejects.toMatchObject({ code: "unknown-token" });
    stepper.close();
    branch.close();
    await expect(stepper.feed([1])).rejects.toMatchObject({ code: "stepper-closed" });
  });

  test("a text of one token, or of none, has nothing to score", async () => {
    expect(await model.score([5])).toEqual({ tokens: [], logprob: 0 });
    expect(await model.score([])).toEqual({ tokens: [], logprob: 0 });
  });
});

describe("files that are no model", () => {
  const opening = async (bytes: Uint8Array | undefined, options: TinyLlamaOptions = {}) => {
    const bad = tinyLlamaFile({ ...options, name: "bad.gguf" });
    if (bytes) writeFileSync(bad.path, bytes);
    try {
      await (await openLocalModel(bad.path, { threads: 1 })).close();
      return "opened";
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      bad.remove();
    }
  };

  test("not GGUF, cut anywhere, empty", async () => {
    const whole = tinyLlama();
    expect(await opening(new TextEncoder().encode("PK not a model at all, but long enough to be read as one"))).toBe("bad-gguf");
    expect(await opening(new Uint8Array(0))).toBe("bad-gguf");
    for (const part of [0.01, 0.5, 0.99]) expect(await opening(whole.slice(0, Math.floor(whole.length * part)))).toBe("bad-gguf");
  });

  test("a vocabulary that is not that of the weights", async () => {
    expect(await opening(undefined, { extraRows: 4 })).toBe("vocabulary-mismatch");
  });

  test("no such file", async () => {
    await expect(openLocalModel(`${file.path}.not-there`)).rejects.toMatchObject({ code: "model-not-found" });
  });

  test("a context that the model was not trained for", async () => {
    await expect(openLocalModel(file.path, { contextSize: 8193 })).rejects.toMatchObject({ code: "bad-context-size" });
  });
});

describe("a thread that dies", () => {
  test("in the middle of a call: an error of the call, and no model any more", async () => {
    const worker = new Worker(
      `const { parentPort } = require("node:worker_threads");
       parentPort.postMessage({ ready: { weights: {} } });
       parentPort.on("message", ({ id }) => {
         parentPort.postMessage({ id, events: [{ type: "call-start", model: {} }, { type: "text-delta", answer: 0, text: "so far" }] });
         setTimeout(() => process.exit(1), 20);
       });`,
      { eval: true },
    );
    const dying = await modelInThread(worker, file.path);
    const made = await call("hello", {}, {}, dying);
    expect(made).toMatchObject({ ending: "cut", error: { kind: "server", code: "model-thread-ended" } });
    expect(made.answers[0]).toMatchObject({ text: "so far", finish: { reason: "error" } });
    await expect(call("hello", {}, {}, dying)).rejects.toMatchObject({ code: "model-thread-ended" });
    await dying.close();
  });

  test("an end token that the vocabulary does not have is none", async () => {
    const odd = tinyLlamaFile({ metadata: [["tokenizer.ggml.eos_token_id", 4294967295]] });
    const opened = await openLocalModel(odd.path, { threads: 1 });
    expect(opened.info.eos).toBeUndefined();
    await opened.close();
    odd.remove();
  });

  test("nobody waits for a model that loads when the signal says so", async () => {
    const worker = new Worker(
      `setTimeout(() => {}, 60_000); require("node:worker_threads").parentPort.on("message", ({ do: job }) => job === "close" && process.exit(0));`,
      {
        eval: true,
      },
    );
    const exit = once(worker, "exit");
    const stop = new AbortController();
    const opening = modelInThread(worker, file.path, stop.signal);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: "interrupted", kind: "interrupted" });
    await exit;
  });

  test("while it loads", async () => {
    const worker = new Worker(`throw new Error("no memory left")`, { eval: true });
    await expect(modelInThread(worker, file.path)).rejects.toMatchObject({
      code: "model-thread-ended",
      message: expect.stringContaining("no memory left"),
    });
  });

  test("closed in the middle of a call: cancelled, and nothing can be asked any more", async () => {
    const closing = await openLocalModel(file.path, { threads: 1 });
    const events: CallEvent[] = [];
    let isClosed: Promise<void> | undefined;
    for await (const event of closing.call(endless())) {
      events.push(event);
      if (event.type === "token-step") isClosed ??= closing.close();
    }
    await isClosed;
    expect(fold(events).ending).toBe("cancelled");
    await expect(call("hello", {}, {}, closing)).rejects.toMatchObject({ code: "model-closed" });
    await expect(closing.score([1, 2])).rejects.toMatchObject({ code: "model-closed" });
    await closing.close();
  });
});
