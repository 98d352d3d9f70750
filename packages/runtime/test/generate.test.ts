import { CutawayError, decodeUtf8, encodeUtf8, seededRandom } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { generate } from "../src/generate.ts";
import { pieceLength } from "../src/prompt-reader.ts";
import { byteTokenizer } from "./byte-tokenizer.ts";
import { answerTo, ask, bosId, collect, endId, fold, scripted, writing } from "./scripted.ts";

const greedy = { temperature: 0 };

describe("how an answer ends", () => {
  test("with an end token: stop, and a last step that says how sure the end was and gives no text", async () => {
    const call = await answerTo(scripted(writing("hi")), ask("?", greedy));
    expect(call.answers[0]).toMatchObject({ text: "hi", finish: { reason: "stop", raw: "<end>" } });
    expect(call.answers[0]?.steps?.map(({ id, bytes }) => [id, decodeUtf8(bytes)])).toEqual([
      [104, "h"],
      [105, "i"],
      [endId, ""],
    ]);
    expect(call).toMatchObject({ ending: "complete", usage: { inputTokens: 1, outputTokens: 3, totalTokens: 4, source: "tokenizer" } });
  });

  test("at its cap", async () => {
    const call = await answerTo(scripted(writing("hello")), ask("?", { ...greedy, maxOutputTokens: 3 }));
    expect(call.answers[0]).toMatchObject({ text: "hel", finish: { reason: "output-cap", raw: "length" } });
    expect(call).toMatchObject({ ending: "complete", usage: { outputTokens: 3 } });
  });

  test("an end token at the cap is an end", async () => {
    const call = await answerTo(scripted(writing("he")), ask("?", { ...greedy, maxOutputTokens: 3 }));
    expect(call.answers[0]?.finish.reason).toBe("stop");
  });

  test("when the context is full, in the middle", async () => {
    const call = await answerTo(scripted(writing("a".repeat(100), "question")), ask("question", greedy, { raw: true, contextSize: 20 }));
    expect(call.answers[0]).toMatchObject({ text: "a".repeat(12), finish: { reason: "context-full", raw: "context" } });
    expect(call).toMatchObject({ ending: "complete", usage: { inputTokens: 8, outputTokens: 12 } });
  });

  test("with a stop sequence that spans tokens; the text before it is kept", async () => {
    const call = await answerTo(scripted(writing("one\n\ntwo")), ask("?", { ...greedy, stop: ["\n\n"] }));
    expect(call.answers[0]).toMatchObject({ text: "one", finish: { reason: "stop-sequence", stopSequence: "\n\n" } });
    expect(call.answers[0]?.steps).toHaveLength(5);
    expect(call.usage.outputTokens).toBe(5);
  });

  test("what is held back for a stop sequence is text when the answer ends otherwise", async () => {
    const capped = await answerTo(scripted(writing("one\n\ntwo")), ask("?", { ...greedy, stop: ["\n\n\n"], maxOutputTokens: 5 }));
    expect(capped.answers[0]).toMatchObject({ text: "one\n\n", finish: { reason: "output-cap" } });
    const ended = await answerTo(scripted(writing("one\n\n")), ask("?", { ...greedy, stop: ["\n\n\n"] }));
    expect(ended.answers[0]).toMatchObject({ text: "one\n\n", finish: { reason: "stop" } });
  });
});

describe("a cancelled call", () => {
  test("in the middle of the answer: the text so far, closed by the client, no end", async () => {
    const controller = new AbortController();
    const events = [];
    for await (const event of generate(scripted(writing("hello")), ask("?", greedy), { signal: controller.signal })) {
      events.push(event);
      if (event.type === "text-delta" && event.text === "l") controller.abort();
    }
    const call = fold(events);
    expect(call).toMatchObject({ ending: "cancelled", usage: { outputTokens: 3 } });
    expect(call.answers[0]).toMatchObject({ text: "hel", finish: { reason: "cancelled" } });
    expect(events.at(-1)).toMatchObject({ type: "closed", by: "client" });
  });

  test("while the prompt is read: no further piece is fed", async () => {
    const model = scripted(() => endId, { capacity: pieceLength * 6 });
    let isStopped = false;
    const feed = model.stepper.feed;
    model.stepper.feed = (ids) => {
      isStopped = model.stepper.length >= pieceLength;
      return feed(ids);
    };
    const signal = {
      get aborted() {
        return isStopped;
      },
    };
    const call = await answerTo(model, ask("x".repeat(pieceLength * 5)), { signal });
    expect(model.stepper.length).toBe(pieceLength * 2);
    expect(call.ending).toBe("cancelled");
    expect(call.answers[0]).toMatchObject({ text: "", finish: { reason: "cancelled" } });
  });
});

describe("an engine that fails", () => {
  test("is an error of the call; what was generated stays", async () => {
    const model = scripted((ids) => {
      if (ids.length === 3) throw new CutawayError("out-of-luck", "the engine broke");
      return 97;
    });
    const call = await answerTo(model, ask("?", greedy));
    expect(call).toMatchObject({ ending: "complete", error: { kind: "server", code: "out-of-luck", message: "the engine broke" } });
    expect(call.answers[0]).toMatchObject({ text: "aa", finish: { reason: "error" } });
    expect(model.reader.shared(new Uint32Array(pieceLength * 2))).toBe(0);
  });

  test("logits that are no numbers are told, not drawn from", async () => {
    const call = await answerTo(
      scripted(() => new Map([[97, Number.NaN]])),
      ask("?"),
    );
    expect(call.error).toMatchObject({ kind: "server", code: "bad-logits" });
  });
});

describe("every step", () => {
  const coin = new Map([
    [97, Math.log(0.6)],
    [98, Math.log(0.3)],
    [99, Math.log(0.1)],
  ]);

  test("carries what the model thought and what the sampler did", async () => {
    const call = await answerTo(
      scripted(() => coin),
      ask("?", { topK: 2, maxOutputTokens: 1, seed: 4, topLogprobs: 3 }),
    );
    const step = call.answers[0]?.steps?.[0];
    expect(step?.top?.map(({ id, bytes, removedBy }) => [id, decodeUtf8(bytes), removedBy])).toEqual([
      [97, "a", undefined],
      [98, "b", undefined],
      [99, "c", "top_k"],
    ]);
    expect(step?.stages).toMatchObject([{ stage: "top_k", setting: 2, kept: 2 }]);
    expect(Math.exp(step?.logprob ?? 0)).toBeCloseTo(step?.rank === 0 ? 0.6 : 0.3, 5);
    expect(Math.exp(step?.sampledLogprob ?? 0)).toBeCloseTo(step?.rank === 0 ? 2 / 3 : 1 / 3, 5);
    expect(step?.tailMass).toBeCloseTo(0, 5);
    expect(step?.at).toBeGreaterThanOrEqual(0);
    expect(call.local?.sampler).toEqual({ order: ["top_k"], greedy: false, seed: 4 });
  });

  test("holds ten alternatives where the request does not say", async () => {
    const flat = new Map(Array.from({ length: 40 }, (_, id) => [id, -id / 100]));
    const call = await answerTo(
      scripted(() => flat),
      ask("?", { ...greedy, maxOutputTokens: 1 }),
    );
    expect(call.answers[0]?.steps?.[0]?.top).toHaveLength(10);
    const without = await answerTo(
      scripted(() => flat),
      ask("?", { ...greedy, maxOutputTokens: 1, topLogprobs: 0 }),
    );
    expect(without.answers[0]?.steps?.[0]?.top).toHaveLength(1);
  });

  test("times are after the moment the caller asked, and on the caller's clock", async () => {
    let clock = 5_000;
    const call = await answerTo(scripted(writing("ab")), ask("?", greedy), { issued: 4_990, now: () => clock++ });
    expect(call.instants.issued).toBe(4_990);
    const times = call.answers[0]?.steps?.map(({ at }) => at ?? -1) ?? [];
    expect(times[0]).toBeGreaterThanOrEqual(10);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(call.instants.closed).toBeGreaterThan(times.at(-1) ?? Infinity);
  });

  test("the repetition penalty looks back on prompt and answer", async () => {
    const logits = new Map([
      [97, 2],
      [98, 1.5],
      [endId, 1.4],
    ]);
    const call = await answerTo(
      scripted(() => logits),
      ask("?", { ...greedy, repetitionPenalty: 2 }),
    );
    expect(call.answers[0]?.text).toBe("ab");
  });
});

describe("randomness", () => {
  const flat = new Map(Array.from({ length: 26 }, (_, i) => [97 + i, 0]));
  const text = async (parameters: object, drawSeed?: () => number) =>
    await answerTo(
      scripted(() => flat),
      ask("?", { maxOutputTokens: 20, ...parameters }),
      drawSeed ? { drawSeed } : {},
    );

  test("without a seed one is drawn and recorded, and it gives the same answer again", async () => {
    const first = await text({}, () => 1234);
    expect(first.local?.sampler.seed).toBe(1234);
    const again = await text({ seed: 1234 });
    expect(again.answers[0]?.text).toBe(first.answers[0]?.text);
    expect((await text({ seed: 1235 })).answers[0]?.text).not.toBe(first.answers[0]?.text);
  });

  test("seeds are drawn anew", async () => {
    const [a, b] = [await text({}), await text({})];
    expect(a.local?.sampler.seed).not.toBe(b.local?.sampler.seed);
  });

  test("greedy needs none", async () => {
    const call = await answerTo(
      scripted(() => flat),
      ask("?", { ...greedy, maxOutputTokens: 2 }),
    );
    expect(call.local?.sampler).toEqual({ order: ["temperature"], greedy: true });
  });

  test("one number a step is drawn, in order", async () => {
    const random = seededRandom(7);
    const expected = Array.from({ length: 20 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
    expect((await text({ seed: 7 })).answers[0]?.text).toBe(expected);
  });
});

describe("context", () => {
  const long = "0123456789".repeat(5);

  test("a prompt too long is refused, with counts, and nothing is generated", async () => {
    const model = scripted(() => 97);
    const call = await answerTo(model, ask(long, {}, { raw: true, contextSize: 50 }));
    expect(call).toMatchObject({ ending: "complete", answers: [], error: { kind: "context-length", raw: { promptTokens: 50, contextSize: 50 } } });
    expect(call.prompt).toBeUndefined();
    expect(model.stepper.length).toBe(0);
  });

  test("truncated as asked, recorded, and the prompt is what the model read", async () => {
    let read = "";
    const model = scripted((ids) => {
      read ||= decodeUtf8(Uint8Array.from(ids));
      return endId;
    });
    const call = await answerTo(model, ask(long, {}, { raw: true, contextSize: 20, overflow: "truncate-start" }));
    expect(read).toBe(long.slice(-15));
    expect(decodeUtf8(Uint8Array.from(call.prompt?.flatMap(({ bytes }) => [...bytes]) ?? []))).toBe(read);
    expect(call.local?.dropped).toEqual({ tokens: 35, of: 50, at: "start" });
    expect(call.notices).toMatchObject([{ code: "prompt-truncated" }]);
    expect(call.usage.inputTokens).toBe(15);
  });

  test("a context that the model does not have is refused", async () => {
    await expect(
      answerTo(
        scripted(() => endId, { capacity: 100 }),
        ask("?", {}, { raw: true, contextSize: 101 }),
      ),
    ).rejects.toMatchObject({
      code: "invalid-parameter",
      data: { parameter: "local.contextSize" },
    });
    await expect(
      answerTo(
        scripted(() => endId),
        ask("?", {}, { raw: true, contextSize: 15 }),
      ),
    ).rejects.toMatchObject({ code: "invalid-parameter" });
  });
});

describe("prefill", () => {
  test("is read after the prompt, and the answer begins with it, in steps that were forced", async () => {
    const call = await answerTo(scripted(writing('"a"}', '?{"k":')), ask("?", greedy, { raw: true, prefill: '{"k":' }));
    const [answer] = call.answers;
    expect(answer?.text).toBe('{"k":"a"}');
    expect(answer?.steps?.map(({ forced }) => forced)).toEqual([...Array(5).fill("prefill"), ...Array(5).fill(undefined)]);
    expect(call.prompt?.map(({ bytes }) => decodeUtf8(bytes)).join("")).toBe('?{"k":');
    expect(call.usage).toMatchObject({ inputTokens: 6, outputTokens: 5 });
    expect(call.instants.firstToken).toBe(answer?.steps?.[5]?.at);
  });

  test("is not truncated with the prompt", async () => {
    const call = await answerTo(
      scripted(() => endId),
      ask("x".repeat(100), {}, { raw: true, prefill: "abcd", contextSize: 24, overflow: "truncate-end" }),
    );
    expect(call.prompt?.map(({ bytes }) => decodeUtf8(bytes)).join("")).toBe(`${"x".repeat(15)}abcd`);
    expect(call.local?.dropped).toEqual({ tokens: 85, of: 100, at: "end" });
  });

  test("a stop sequence is looked for in what the model writes, not in what it was given", async () => {
    const call = await answerTo(scripted(writing("bc;d", "?;a")), ask("?", { ...greedy, stop: [";"] }, { raw: true, prefill: ";a" }));
    expect(call.answers[0]?.text).toBe(";abc");
  });
});

test("tokens that end inside a character: the text is whole", async () => {
  const tokenizer = byteTokenizer(undefined, ["🙂"]);
  const emoji = encodeUtf8("🙂");
  const ids = [emoji[0], emoji[1], emoji[2], emoji[3], 258];
  const call = await answerTo(
    scripted((fed) => ids[fed.length - 1] ?? endId, { tokenizer }),
    ask("?", greedy),
  );
  expect(call.answers[0]?.text).toBe("🙂🙂");
});

test("a special token that is none of the ends is text that the reader sees", async () => {
  const call = await answerTo(
    scripted((ids) => (ids.length === 1 ? bosId : endId)),
    ask("?", greedy),
  );
  expect(call.answers[0]?.text).toBe("<bos>");
});

test("events come in the order in which things happen, and closed is last", async () => {
  const events = await collect(generate(scripted(writing("a")), ask("?", greedy)));
  expect(events.map(({ type }) => type)).toEqual([
    "call-start",
    "prompt-tokens",
    "local-run",
    "token-step",
    "text-delta",
    "token-step",
    "usage",
    "answer-finish",
    "response-end",
    "closed",
  ]);
});

describe("several answers to one prompt", () => {
  const dice = new Map([...Array(20).keys()].map((byte) => [97 + byte, 0]));
  const drawn = { seed: 5, maxOutputTokens: 8 };
  const textsOf = (call: Awaited<ReturnType<typeof answerTo>>) => call.answers.map(({ text }) => text);

  test("each is what its seed gives alone; the prompt is fed once", async () => {
    let fed = 0;
    const counted = () =>
      scripted((ids) => {
        if (ids.length <= 3) fed++;
        return dice;
      });
    const call = await answerTo(counted(), ask("abc", { ...drawn, n: 3 }));
    expect(fed).toBe(1);
    const alone = await Promise.all([5, 6, 7].map((seed) => answerTo(counted(), ask("abc", { ...drawn, seed }))));
    expect(textsOf(call)).toEqual(alone.map(({ answers }) => answers[0]?.text));
    expect(new Set(textsOf(call)).size).toBe(3);
    expect(call.answers.map(({ finish }) => finish.reason)).toEqual(["output-cap", "output-cap", "output-cap"]);
    expect(call).toMatchObject({ ending: "complete", usage: { inputTokens: 3, outputTokens: 24, totalTokens: 27 } });
  });

  test("each begins with the prefill, and has its own stop sequence, history and cap", async () => {
    const call = await answerTo(
      scripted(() => dice),
      ask("abc", { ...drawn, n: 4, stop: ["a", "b", "c"], repetitionPenalty: 1.3 }, { raw: true, prefill: ">" }),
    );
    expect(call.answers).toHaveLength(4);
    for (const { text, steps = [] } of call.answers) {
      expect(text.startsWith(">")).toBe(true);
      expect(steps[0]).toMatchObject({ forced: "prefill" });
      expect(steps.filter(({ forced }) => !forced).length).toBeLessThanOrEqual(8);
      expect(text).not.toMatch(/[abc]/);
    }
  });

  test("cancelled in the second: the first is whole, there is no third", async () => {
    const signal = { aborted: false };
    const events = [];
    for await (const event of generate(
      scripted(() => dice),
      ask("abc", { ...drawn, n: 3 }),
      { signal },
    )) {
      events.push(event);
      if (event.type === "token-step" && event.answer === 1) signal.aborted = true;
    }
    const call = fold(events);
    expect(call.ending).toBe("cancelled");
    expect(call.answers.map(({ finish }) => finish.reason)).toEqual(["output-cap", "cancelled"]);
  });

  test("where nothing is drawn, all would be the same: refused", async () => {
    await expect(
      answerTo(
        scripted(() => dice),
        ask("abc", { ...greedy, n: 2 }),
      ),
    ).rejects.toMatchObject({ code: "unsupported-parameter", data: { parameters: ["n"] } });
  });
});
