import { auditTerms } from "@cutaway/tokenizer/reports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordPieces, wordsOrBytes } from "./tiny-tokenizers.ts";

/** Ordinary words of one length, so that what a term is measured by is plain: " pump" is one token, any other word its bytes and the space's. */
const ordinaryWords = ["pump"];
const tiny = wordsOrBytes("tiny", [" pump", "pump", " valve", "valve", "Please", " check", " the", " again", " today."], { "<|end|>": 300 });

const audit = (terms: (string | { text: string; frequency?: number })[], options = {}) =>
  auditTerms(
    tiny,
    terms.map((term) => (typeof term === "string" ? { text: term } : term)),
    { ordinaryWords, ...options },
  );

describe("one term", () => {
  test("is cut alone, after a space, in a sentence, in capitals and in small letters", () => {
    const [term] = audit(["pump"]).terms;
    expect(term).toMatchObject({
      characters: 4,
      alone: { tokens: 1, pieces: ["pump"], cuts: [] },
      afterSpace: { tokens: 1, pieces: [" pump"], cuts: [] },
      inSentence: { tokens: 1, pieces: [" pump"], cuts: [] },
      upperCase: { text: "PUMP", tokens: 5, pieces: [" ", "P", "U", "M", "P"], cuts: [1, 2, 3] },
      lowerCase: { text: "pump", tokens: 1 },
      ordinary: 1,
      ratio: 1,
      badlySplit: false,
      unsayable: false,
    });
    expect(term).not.toHaveProperty("lossy");
  });

  test("shows where it is cut, in UTF-16 units, and the bytes of a character that is split", () => {
    const [term] = audit(["A👍"]).terms;
    expect(term?.alone).toEqual({ text: "A👍", tokens: 5, ids: [65, 240, 159, 145, 141], pieces: ["A", "<F0>", "<9F>", "<91>", "<8D>"], cuts: [1] });
    expect(term?.byteTokens).toBe(0);
    expect(term?.characters).toBe(2);
  });

  test("is badly split from the thresholds on", () => {
    // A space and four letters: 5 tokens, 5 times the ordinary word.
    const splitAt = (thresholds: object) => audit(["ABCD"], { thresholds }).terms[0]?.badlySplit;
    expect(splitAt({ splitTokens: 5, splitRatio: 5 })).toBe(true);
    expect(splitAt({ splitTokens: 6 })).toBe(false);
    expect(splitAt({ splitRatio: 5.01 })).toBe(false);
  });

  test("longer than any ordinary word is measured in proportion, a phrase by its words", () => {
    const [long, phrase] = audit(["abcdefgh", "pump pump"]).terms;
    expect(long?.ordinary).toBe(2);
    expect(phrase).toMatchObject({ ordinary: 2, inSentence: { tokens: 2 }, ratio: 1 });
  });

  test("that is a special token is counted as text, and said to be one", () => {
    const [term] = audit(["<|end|>"]).terms;
    expect(term).toMatchObject({ special: true, alone: { tokens: 7 } });
    expect(audit(["end"]).terms[0]?.special).toBe(false);
  });

  test("with control characters is cut like any other", () => {
    const [term] = audit(["\u0000\u001b[31m"]).terms;
    expect(term).toMatchObject({ alone: { tokens: 6 }, unsayable: false });
  });

  test("with half a surrogate pair is no fault of the tokenizer, and the notes say so", () => {
    const report = audit(["\ud800x"]);
    expect(report.terms[0]).toMatchObject({ lossy: "content", decoded: "\ufffdx", unsayable: false });
    expect(report.notes).toContain("One term holds half a surrogate pair, which no tokenizer can say: mend the list.");
  });
});

describe("what a vocabulary cannot say", () => {
  const pieces = ["please", "check", "the", "again", "today", ".", "valve", "##s", "caf", "##e", "x", "-"];
  const report = auditTerms(
    wordPieces(pieces),
    ["valves", "Café", "pump", "x-valve", "VALVES"].map((text) => ({ text })),
    { ordinaryWords: ["valve"] },
  );

  test("unknown tokens and round trips are counted", () => {
    expect(report.terms.map(({ text, unknownTokens, lossy }) => [text, unknownTokens, lossy])).toEqual([
      ["valves", 0, undefined],
      ["Café", 0, "normalized"],
      ["pump", 1, "content"],
      ["x-valve", 0, "spacing"],
      ["VALVES", 0, "normalized"],
    ]);
    // valve ##s · caf ##e · [UNK] · x - valve · valve ##s
    expect(report.summary).toMatchObject({
      unsayable: 1,
      unknown: { tokens: 1, texts: 1, rate: 0.1 },
      lossy: { spacing: 1, normalized: 2, content: 1 },
    });
  });

  test("terms with the same ids cannot be told apart", () => {
    expect(report.sameIds).toEqual([["valves", "VALVES"]]);
  });
});

describe("terms one token apart", () => {
  test("are those of three tokens or more that differ in one, at the same place", () => {
    // " ", "A", "1", "B" and so on: AB1 and AB2 share three of four, XY1 shares none of their letters.
    expect(audit(["AB1", "AB2", "XY1", "AB12"]).oneTokenApart).toEqual([{ terms: ["AB1", "AB2"], shared: [" ", "A", "B", "…"] }]);
  });

  test("two words of which one is shared are not taken for each other", () => {
    expect(audit(["pump valve", "valve valve"]).oneTokenApart).toEqual([]);
  });
});

describe("the summary", () => {
  // In a sentence: pump 1, valve 1, AB 3, ABCD 5. Alone: 1, 1, 2, 4.
  const { summary } = audit(["pump", "valve", "AB", "ABCD"]);

  test("counts tokens a term", () => {
    expect(summary.alone).toEqual({ total: 8, mean: 2, median: 1.5, p95: expect.closeTo(3.7, 12), most: 4 });
    expect(summary.inSentence).toMatchObject({ total: 10, mean: 2.5 });
    expect(summary).toMatchObject({ terms: 4, whole: 2, split: 2, badlySplit: 1, charactersPerToken: 15 / 10, upperCaseMean: (5 + 6 + 3 + 5) / 4 });
  });

  test("gives the share of badly split terms Wilson's interval", () => {
    const z = 1.959963984540054;
    const centre = (0.25 + z ** 2 / 8) / (1 + z ** 2 / 4);
    const half = (z / (1 + z ** 2 / 4)) * Math.sqrt((0.25 * 0.75) / 4 + z ** 2 / 64);
    expect(summary.badlySplitShare).toEqual({
      estimate: 0.25,
      low: expect.closeTo(centre - half, 9),
      high: expect.closeTo(centre + half, 9),
      level: 0.95,
    });
  });

  test("knows terms that are cut elsewhere in a sentence than alone", () => {
    const lopsided = wordsOrBytes("lopsided", ["valve"]);
    expect(auditTerms(lopsided, [{ text: "valve" }, { text: "AB" }], { ordinaryWords }).summary.cutMoves).toBe(1);
  });
});

describe("the verdict", () => {
  const good = Array.from({ length: 60 }, (_, i) => `${"pump ".repeat(i + 1)}pump`);

  test("keeps a tokenizer that does not split the terms", () => {
    const { verdict } = audit(good);
    expect(verdict).toMatchObject({ do: "keep", settled: true, says: "Keep the tokenizer, its vocabulary is adequate for these terms.", worst: [] });
  });

  test("adds the terms that are badly split, those first that spare most", () => {
    const { verdict } = audit([{ text: "ABCD", frequency: 1 }, { text: "ABCDE", frequency: 1 }, { text: "XYZ", frequency: 100 }, "pump"]);
    expect(verdict.do).toBe("add-tokens");
    expect(verdict.worst).toEqual(["XYZ", "ABCDE", "ABCD"]);
    expect(verdict.says).toMatch(/^(Not settled by 4 terms; as they are: )?[Aa]dd 3 terms as tokens/);
  });

  test("trains where there are too many to add", () => {
    expect(audit(["ABCD", "ABCDE"], { thresholds: { mostAdded: 1 } }).verdict.do).toBe("train");
  });

  test("trains where all of the corpus is split, the terms apart", () => {
    const corpus = "ABCD xyzxyz uvwuvw ".repeat(20);
    expect(audit(["pump"], { corpus }).verdict.do).toBe("train");
    expect(audit(["pump"], { corpus: "pump pump pump" }).verdict.do).toBe("keep");
  });

  test("acts on terms that cannot be said, however few are split", () => {
    const tokenizer = wordPieces(["please", "check", "the", "again", "today", ".", "valve"]);
    const { verdict } = auditTerms(tokenizer, [{ text: "valve" }, { text: "pump" }], { ordinaryWords: ["valve"] });
    expect(verdict).toMatchObject({ do: "add-tokens", worst: ["pump"] });
  });

  test("is not settled while the interval has the threshold inside", () => {
    const many = (bad: number, all: number) => audit([...good.slice(0, all - bad), ...Array.from({ length: bad }, (_, i) => `ABCD${i}`)]).verdict;
    expect(many(12, 50)).toMatchObject({ do: "keep", settled: false });
    expect(many(30, 50)).toMatchObject({ do: "add-tokens", settled: true });
  });

  test("says what would turn it, and that is true", () => {
    const terms = [...good.slice(0, 9), "ABCD", "ABCDEF"];
    const { verdict } = audit(terms);
    expect(verdict.flips).toContainEqual({ threshold: "splitShare", from: 0.25, to: 2 / 11, advice: "add-tokens" });
    for (const { threshold, from, to, advice } of verdict.flips) {
      expect(from).toBe(verdict.thresholds[threshold]);
      expect(audit(terms, { thresholds: { [threshold]: to } }).verdict.do).toBe(advice);
    }
  });

  test("flips hold for any list", () => {
    const term = fc.stringMatching(/^[A-Za-z]{1,9}$/);
    fc.assert(
      fc.property(fc.uniqueArray(term, { minLength: 1, maxLength: 12 }), (terms) => {
        const { verdict } = audit(terms);
        for (const { threshold, to, advice } of verdict.flips) {
          expect(advice).not.toBe(verdict.do);
          expect(audit(terms, { thresholds: { [threshold]: to } }).verdict.do).toBe(advice);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("the saving", () => {
  test("by frequency: one token for each of the badly split", () => {
    // ABCD: 5 tokens 10 times, pump: 1 token 7 times; AB has no frequency.
    const { saving, notes } = audit([{ text: "ABCD", frequency: 10 }, { text: "pump", frequency: 7 }, "AB"]);
    expect(saving).toEqual({ from: "frequency", occurrences: 10, tokensBefore: 57, tokensAfter: 17, share: 40 / 57 });
    expect(notes).toContain("1 of 3 terms has no frequency and does not count in the saving.");
  });

  test("in a corpus: tokens wholly inside a term and the space before it, words of their own only", () => {
    // " ABCD" twice: 5 tokens each; "ABCD" at the start: 4; ABCDE and xABCD are other words. One token each: 4 + 4 + 3 spared.
    const corpus = "ABCD pump ABCD, ABCDE xABCD pump ABCD";
    const report = audit(["ABCD", "pump"], { corpus, thresholds: { corpusFertility: 100 }, price: { perMillion: 2, price: {}, caveats: ["old"] } });
    const tokensBefore = tiny.count(corpus);
    expect(report.terms.map(({ occurrences }) => occurrences)).toEqual([3, 2]);
    expect(report.saving).toMatchObject({ from: "corpus", occurrences: 3, tokensBefore, tokensAfter: tokensBefore - 11, share: 11 / tokensBefore });
    expect(report.saving?.usd).toBeCloseTo(22e-6, 15);
    expect(report.saving?.fertility?.before).toBeCloseTo(tokensBefore / 7, 12);
    expect(report.notes).toContain("old");
  });

  test("the longest term is taken where one begins another", () => {
    const { terms } = audit(["AB", "AB CD"], { corpus: "AB CD AB AB CDE" });
    expect(terms.map(({ occurrences }) => occurrences)).toEqual([2, 1]);
  });

  test("is absent where nothing tells how often terms occur", () => {
    expect(audit(["ABCD"])).not.toHaveProperty("saving");
  });
});

describe("bad input", () => {
  test("is refused with the term's number", () => {
    expect(() => audit([])).toThrow(/no term/);
    expect(() => audit(["pump", " \t"])).toThrow("term 2 is empty");
    expect(() => audit(["x".repeat(501)])).toThrow(/501 characters/);
    expect(() => audit(Array.from({ length: 20_001 }, (_, i) => `t${i}`))).toThrow(/more than an audit takes/);
    for (const frequency of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => audit([{ text: "pump", frequency }])).toThrow(/cannot occur/);
  });

  test("thresholds that do not exist or are no numbers are refused", () => {
    for (const thresholds of [{ splitShare: Number.NaN }, { splitShare: -1 }, { unknown: 1 }]) {
      expect(() => audit(["pump"], { thresholds })).toThrow(/cannot be/);
    }
  });

  test("a term given twice counts once, its frequencies added", () => {
    const report = audit([{ text: "ABCD", frequency: 2 }, { text: "ABCD", frequency: 3 }, { text: "pump" }, { text: "pump" }]);
    expect(report.terms.map(({ text, frequency }) => [text, frequency])).toEqual([
      ["ABCD", 5],
      ["pump", undefined],
    ]);
    expect(report.notes).toContain("2 terms are given more than once: each counts once.");
  });

  test("any terms give figures that are plain data", () => {
    const term = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== "");
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 8 }), (terms) => {
        const report = audit(terms, { corpus: terms.join(" ") });
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        for (const { text, alone } of report.terms) expect(alone.tokens).toBe(tiny.count(text, { disallowedSpecial: "as-text" }));
      }),
      { numRuns: 60 },
    );
  });

  test("a long corpus of one letter and terms of it end soon", () => {
    const started = performance.now();
    audit(["a", "aa", "a".repeat(500)], { corpus: "a ".repeat(200_000) });
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
