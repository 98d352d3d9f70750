import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromTokenizerJson } from "../../src/index.ts";
import { digamma } from "../../src/training/estimate-pieces.ts";
import { trainUnigram, trainWordPiece } from "../../src/training/index.ts";
import { PieceLattice } from "../../src/training/piece-lattice.ts";
import { type Pieces, seedPieces } from "../../src/training/seed-pieces.ts";
import { sortSuffixes } from "../../src/training/sort-suffixes.ts";
import { prose } from "../corpora.ts";

const piecesOf = (texts: string[], scores: number[]): Pieces => {
  const characters = Int32Array.from([...texts.join("")], (character) => character.codePointAt(0) as number);
  const lengths = Int32Array.from(texts, (text) => text.length);
  const starts = lengths.map((_, piece) => lengths.subarray(0, piece).reduce((sum, length) => sum + length, 0));
  return { characters, starts, lengths, scores: Float64Array.from(scores) };
};

const codes = (text: string) => Int32Array.from(text, (character) => character.charCodeAt(0));

/** Every way to cut a text, with its probability. */
function* cuts(text: string, texts: string[], scores: number[]): Iterable<{ pieces: number[]; score: number }> {
  if (text === "") yield { pieces: [], score: 0 };
  for (const [piece, start] of texts.entries()) {
    if (!text.startsWith(start)) continue;
    for (const rest of cuts(text.slice(start.length), texts, scores))
      yield { pieces: [piece, ...rest.pieces], score: (scores[piece] as number) + rest.score };
  }
}

const vocabulary = fc.record({
  longer: fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 2, maxLength: 4 }), { maxLength: 6 }),
  scores: fc.array(fc.double({ min: -90, max: -0.1, noNaN: true }), { minLength: 8, maxLength: 8 }),
  text: fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 9 }),
});

describe("PieceLattice", () => {
  test("expected counts, likelihood and best path are those of all ways to cut the text", () => {
    fc.assert(
      fc.property(vocabulary, ({ longer, scores, text }) => {
        const texts = ["a", "b", ...longer];
        const lattice = new PieceLattice(piecesOf(texts, scores.slice(0, texts.length)));
        const all = [...cuts(text, texts, scores)];
        const likelihood = all.reduce((sum, { score }) => sum + Math.exp(score), 0);
        const expected = new Float64Array(texts.length);
        const log = lattice.addExpected(codes(text), 0, text.length, 3, expected);
        const most = Math.max(...all.map(({ score }) => score));
        const exact = most + Math.log(all.reduce((sum, { score }) => sum + Math.exp(score - most), 0));
        expect(log).toBeCloseTo(exact, 8);
        for (const [piece, count] of expected.entries()) {
          const uses = all.reduce((sum, { pieces, score }) => sum + pieces.filter((used) => used === piece).length * Math.exp(score - exact), 0);
          expect(count).toBeCloseTo(3 * uses, 8);
        }
        expect(lattice.bestPath(codes(text), 0, text.length)?.score).toBeCloseTo(most, 8);
        expect(likelihood).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  test("a text whose probability is far below the smallest number", () => {
    const lattice = new PieceLattice(piecesOf(["a", "aa"], [-50, -120]));
    const expected = new Float64Array(2);
    const log = lattice.addExpected(codes("a".repeat(5000)), 0, 5000, 1, expected);
    expect(log / 5000).toBeCloseTo(-50, 6);
    expect((expected[0] as number) + 2 * (expected[1] as number)).toBeCloseTo(5000, 4);
  });
});

test("sortSuffixes sorts as comparing does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }), (symbols) => {
      const key = (at: number) => symbols.slice(at, at + 16).join("");
      const order = [...sortSuffixes(Int32Array.from(symbols), 16)];
      expect(order.map(key)).toEqual(order.map(key).toSorted());
      expect(order.toSorted((a, b) => a - b)).toEqual(symbols.map((_, at) => at));
    }),
  );
});

test("seeds are the substrings that occur at least twice, with their counts", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 3 })), {
        minLength: 1,
        maxLength: 5,
      }),
      (given) => {
        const alphabet = ["a", "b", "c"];
        const characters = Int32Array.from(given.flatMap(([word]) => [...[...word].map((character) => alphabet.indexOf(character) + 1), 0]));
        const starts = Int32Array.from([0, ...given.map((_, index) => given.slice(0, index + 1).reduce((sum, [word]) => sum + word.length + 1, 0))]);
        const seeds = seedPieces(
          { characters, alphabet: ["", ...alphabet], starts, weights: Float64Array.from(given, ([, weight]) => weight) },
          4,
          1000,
        );
        const counts = new Map<string, number>();
        for (const [word, weight] of given)
          for (let from = 0; from < word.length; from++)
            for (let to = from + 2; to <= Math.min(word.length, from + 4); to++)
              counts.set(word.slice(from, to), (counts.get(word.slice(from, to)) ?? 0) + weight);
        const found = [...seeds.starts].slice(3).map((start, index) => {
          const length = seeds.lengths[index + 3] as number;
          return [
            [...characters.subarray(start, start + length)].map((character) => alphabet[character - 1]).join(""),
            (seeds.scores[index + 3] as number) / length,
          ] as const;
        });
        expect(new Set(found.map(([text]) => text)).size).toBe(found.length);
        for (const [text, count] of found) expect(count, text).toBe(counts.get(text));
        // What is missing stands inside a longer one of the same count.
        const texts = new Map(found);
        for (const [text, count] of counts) {
          if (count < 2 || texts.has(text)) continue;
          expect(
            found.some(([other, otherCount]) => other.startsWith(text) && otherCount === count),
            text,
          ).toBe(true);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test("digamma", () => {
  // Abramowitz & Stegun 1964, table 6.1: ψ(1) = -γ, ψ(1.5), ψ(2); ψ(10).
  for (const [x, value] of [
    [1, -0.5772156649],
    [1.5, 0.036489974],
    [2, 0.4227843351],
    [10, 2.251752589],
  ] as const)
    expect(digamma(x)).toBeCloseTo(value, 9);
});

describe("trainUnigram", () => {
  test("the vocabulary has the size that was asked for, and the words of the text", async () => {
    const trained = await trainUnigram([prose(60_000, 1)], { vocabSize: 400 });
    expect(trained.vocabSize).toBe(400);
    const tokenizer = fromTokenizerJson(trained.json, "trained");
    expect(tokenizer.count("the probability")).toBeLessThanOrEqual(3);
    const vocab = (trained.json.model as { vocab: [string, number][] }).vocab;
    expect(vocab.slice(0, 3)).toEqual([
      ["<unk>", 0],
      ["<s>", 0],
      ["</s>", 0],
    ]);
    expect(vocab.slice(3).every(([, score], index) => score < 0 && (index === 0 || score <= (vocab[index + 2] as [string, number])[1]))).toBe(true);
  });

  test("the same texts give the same file", async () => {
    const options = { vocabSize: 300, keep: ["U.S.C. §"] };
    expect((await trainUnigram([prose(20_000, 2)], options)).json).toEqual((await trainUnigram([prose(20_000, 2)], options)).json);
  });

  test("what stands in the texts comes back, character for character, where nothing is normalised", async () => {
    const text = prose(20_000, 3);
    const tokenizer = fromTokenizerJson((await trainUnigram([text], { vocabSize: 500, normalization: "none" })).json, "trained");
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  test("hostile input", async () => {
    await expect(trainUnigram([""], { vocabSize: 300 })).rejects.toMatchObject({ code: "empty-corpus" });
    await expect(trainUnigram(["abc"], { vocabSize: 4 })).rejects.toMatchObject({ code: "vocab-size-too-small" });
    expect((await trainUnigram(["a"], { vocabSize: 50 })).vocabSize).toBeLessThanOrEqual(6);
    const began = performance.now();
    const long = await trainUnigram(["a".repeat(1_000_000)], { vocabSize: 30 });
    expect(performance.now() - began).toBeLessThan(20_000);
    expect(fromTokenizerJson(long.json, "long").count("a".repeat(160))).toBeLessThanOrEqual(11);
    await expect(trainUnigram(["abc"], { vocabSize: 30, shrinkingFactor: 1 })).rejects.toMatchObject({ code: "bad-option" });
  });
});

test("trainWordPiece: an empty corpus, one character, a vocabulary that is too small", async () => {
  await expect(trainWordPiece([" "], { vocabSize: 300 })).rejects.toMatchObject({ code: "empty-corpus" });
  expect((await trainWordPiece(["a"], { vocabSize: 300 })).vocabSize).toBe(6);
  await expect(trainWordPiece(["abc"], { vocabSize: 7 })).rejects.toMatchObject({ code: "vocab-size-too-small" });
});
