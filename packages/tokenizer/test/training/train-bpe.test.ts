import type { JsonObject, Tokenizer } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromTokenizerJson } from "../../src/index.ts";
import { sweepVocabSizes, type TrainedTokenizer, trainBpe } from "../../src/training/index.ts";
import { prose } from "../corpora.ts";
import { trainingTexts } from "./cases.ts";

const read = ({ json }: TrainedTokenizer): Tokenizer => fromTokenizerJson(json, "trained");
const mergesOf = ({ json }: TrainedTokenizer) => (json.model as { merges: string[][] }).merges;
const vocabOf = ({ json }: TrainedTokenizer) => (json.model as { vocab: JsonObject }).vocab;

describe("trainBpe", () => {
  test("what is trained on any texts brings every text back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1, maxLength: 8 }),
        fc.string({ unit: "binary" }),
        fc.constantFrom("gpt2", "cl100k", "o200k", "qwen2"),
        async (texts, text, pattern) => {
          const tokenizer = read(await trainBpe(texts, { vocabSize: 300, pattern }));
          for (const any of [...texts, text]) expect(tokenizer.decode(tokenizer.encode(any))).toBe(any.toWellFormed());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a smaller vocabulary from the run is that of a run of its own", async () => {
    const options = { keep: ["U.S.C. §"], specialTokens: ["<|end|>"] };
    const large = await trainBpe(trainingTexts, { ...options, vocabSize: 1500 });
    for (const vocabSize of [259, 260, 300, 641, 1499, 1500]) {
      const alone = await trainBpe(trainingTexts, { ...options, vocabSize });
      expect(large.atVocabSize(vocabSize).json, `${vocabSize} tokens`).toEqual(alone.json);
    }
  });

  test("the same texts give the same file, in one text or as a stream of lines", async () => {
    const options = { vocabSize: 700, lines: true };
    async function* stream() {
      for (const text of trainingTexts) for (const row of text.split(/(?<=\n)/)) yield row;
    }
    const whole = await trainBpe(trainingTexts, options);
    expect((await trainBpe(stream(), options)).json).toEqual(whole.json);
    expect((await trainBpe(trainingTexts, options)).json).toEqual(whole.json);
  });

  test("a kept phrase is one token with and without a space before it, and no merge is spent on it", async () => {
    const trained = await trainBpe(trainingTexts, { vocabSize: 500, keep: ["U.S.C. §"] });
    const tokenizer = read(trained);
    expect(
      tokenizer.encodeWithSpans("42 U.S.C. § 1983,U.S.C. §").map(({ span }) => "42 U.S.C. § 1983,U.S.C. §".slice(span.start, span.end)),
    ).toContain(" U.S.C. §");
    expect(tokenizer.count("U.S.C. §")).toBe(1);
    expect(tokenizer.count(" U.S.C. §")).toBe(1);
    expect(Object.keys(vocabOf(trained)).filter((token) => token.includes(".S"))).toEqual([]);
    expect(tokenizer.decode(tokenizer.encode("42 U.S.C. § 1983"))).toBe("42 U.S.C. § 1983");
  });

  test("a phrase that Hugging Face would decode to other bytes is refused", async () => {
    await expect(trainBpe(["x"], { vocabSize: 300, keep: ["§"] })).rejects.toMatchObject({ code: "bad-option" });
  });

  test("the text of a special token is not learned from", async () => {
    const trained = await trainBpe(["<|end|>".repeat(500)], { vocabSize: 300, specialTokens: ["<|end|>"] }).catch((error: unknown) => error);
    expect(trained).toMatchObject({ code: "empty-corpus" });
  });

  test("fewer than the least frequency are not merged; an alphabet can be limited", async () => {
    expect(mergesOf(await trainBpe(["ab ab ab cd cd"], { vocabSize: 300, minFrequency: 3 }))).toEqual([["a", "b"]]);
    const limited = await trainBpe(["aab b c"], { vocabSize: 300, initialAlphabet: [], limitAlphabet: 2 });
    expect(Object.keys(vocabOf(limited)).slice(0, 2)).toEqual(["a", "b"]);
  });

  test("progress is told, and an abort stops it", async () => {
    const phases = new Set<string>();
    await trainBpe([prose(200_000, 4)], { vocabSize: 900, onProgress: ({ phase }) => phases.add(phase) });
    expect([...phases]).toEqual(["count", "merge"]);
    const controller = new AbortController();
    const stopped = trainBpe([prose(200_000, 4)], {
      vocabSize: 5000,
      signal: controller.signal,
      onProgress: ({ phase }) => phase === "merge" && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "interrupted", kind: "interrupted" });
  });
});

describe("hostile input", () => {
  test("nothing to learn from", async () => {
    for (const texts of [[], [""], ["", ""]]) await expect(trainBpe(texts, { vocabSize: 300 })).rejects.toMatchObject({ code: "empty-corpus" });
  });

  test("one character", async () => {
    const trained = await trainBpe(["a"], { vocabSize: 300 });
    expect(trained.vocabSize).toBe(256);
    expect(mergesOf(trained)).toEqual([]);
  });

  test("a vocabulary smaller than its alphabet", async () => {
    await expect(trainBpe(["abc"], { vocabSize: 255 })).rejects.toMatchObject({ code: "vocab-size-too-small", data: { least: 256 } });
    await expect(trainBpe(["abc"], { vocabSize: 257, keep: ["a b"] })).rejects.toMatchObject({ code: "vocab-size-too-small", data: { least: 258 } });
    for (const vocabSize of [0, -1, 1.5, Number.NaN, 2 ** 40])
      await expect(trainBpe(["abc"], { vocabSize })).rejects.toMatchObject({ code: "bad-option" });
  });

  test("10 MB of one character", async () => {
    const began = performance.now();
    const trained = await trainBpe(["a".repeat(10_000_000)], { vocabSize: 300 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(mergesOf(trained).slice(0, 3)).toEqual([
      ["a", "a"],
      ["aa", "aa"],
      ["aaaa", "aaaa"],
    ]);
    expect(read(trained).count("a".repeat(4096))).toBe(1);
  });

  test("a megabyte of letters without a break", async () => {
    const began = performance.now();
    const trained = await trainBpe([prose(1_200_000, 6).replaceAll(/[^a-z]/g, "")], { vocabSize: 2000 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(trained.vocabSize).toBe(2000);
  });

  test("lone surrogates count as U+FFFD", async () => {
    const trained = await trainBpe(["a\ud800b \udc00 \ud83d".repeat(9)], { vocabSize: 300 });
    expect(trained.json).toEqual((await trainBpe(["a\ufffdb \ufffd \ufffd".repeat(9)], { vocabSize: 300 })).json);
  });

  test("special tokens and phrases that cannot be", async () => {
    for (const options of [
      { specialTokens: [""] },
      { specialTokens: ["a", "a"] },
      { specialTokens: ["a b"], keep: ["a b"] },
      { keep: ["x".repeat(2000)] },
      { keep: ["\ud800"] },
    ])
      await expect(trainBpe(["abc"], { vocabSize: 300, ...options })).rejects.toMatchObject({ code: "bad-option" });
  });

  test("a pattern that could take exponential time", async () => {
    await expect(trainBpe(["aaaa"], { vocabSize: 300, pattern: "(a+)+b" })).rejects.toMatchObject({ name: "CutawayError" });
  });
});

describe("sweepVocabSizes", () => {
  test("measures the vocabularies of the sizes", async () => {
    const trained = await trainBpe(trainingTexts, { vocabSize: 900 });
    const heldOut = [prose(3000, 12), "é"];
    const rows = await sweepVocabSizes(trained, [900, 300, 300, 600, 5000], { heldOut, terms: ["probability", "42 U.S.C. § 1983"] });
    expect(rows.map(({ vocabSize }) => vocabSize)).toEqual([300, 600, 900]);
    const bytes = Buffer.byteLength(heldOut.join(""));
    for (const { vocabSize, tokens = 0, bytesPerToken, tokensPerTerm } of rows) {
      const tokenizer = read(await trainBpe(trainingTexts, { vocabSize }));
      expect(tokens).toBe(heldOut.reduce((sum, text) => sum + tokenizer.count(text), 0));
      expect(bytesPerToken).toBe(bytes / tokens);
      expect(tokensPerTerm).toBe((tokenizer.count(" probability") + tokenizer.count(" 42 U.S.C. § 1983")) / 2);
    }
  });
});
