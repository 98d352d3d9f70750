import { type ComparedTokenizer, compareTokenizers, type TokenPrices } from "@cutaway/tokenizer/reports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordPieces, wordsOrBytes } from "./tiny-tokenizers.ts";

const rich = wordsOrBytes("rich", ["the", " cat", " sat", "Katze"]);
const poor = wordsOrBytes("poor", ["the"]);

const priced = (perMillionIn: number, perMillionOut = 0): TokenPrices => ({
  price: { provider: "acme", model: "m", at: "2026-01-01T00:00:00.000Z", source: { name: "list", version: "1", date: "2026-01-01" } },
  caveats: [],
  cost: (input, output) => (input * perMillionIn + output * perMillionOut) / 1_000_000,
});

describe("figures of one tokenizer", () => {
  const queries = [
    { text: "the cat sat", language: "en" },
    { text: "the dog", language: "en" },
    { text: "Katze!", language: "de" },
  ];
  // rich: the| cat| sat = 3; the| |d|o|g = 5; Katze! is no word of the list: 6 bytes. 3 + 2 + 1 words, 11 + 7 + 6 bytes.
  const report = compareTokenizers([{ name: "rich", tokenizer: rich }], queries, { queriesPerMonth: 10 });
  const [figures] = report.tokenizers;

  test("totals of the queries", () => {
    expect(report).toMatchObject({ queries: 3, bytes: 24, characters: 24, words: 6, queriesPerMonth: 10 });
    expect(report.languages).toEqual([
      { language: "en", by: "label", queries: 2, words: 5 },
      { language: "de", by: "label", queries: 1, words: 1 },
    ]);
  });

  test("tokens: total, mean, median, p95 between order statistics", () => {
    expect(figures?.tokens).toEqual({ total: 14, mean: 14 / 3, median: 5, p95: 5.9, most: 6 });
    expect(figures).toMatchObject({ bytesPerToken: 24 / 14, charactersPerToken: 24 / 14, fertility: 14 / 6 });
  });

  test("fertility and premium by language", () => {
    expect(figures?.languages).toEqual([
      { language: "en", by: "label", tokens: 8, fertility: 8 / 5, bytesPerToken: 18 / 8, premium: 1, lost: 0 },
      { language: "de", by: "label", tokens: 6, fertility: 6, bytesPerToken: 1, premium: 6 / (8 / 5), lost: 0 },
    ]);
  });

  test("characters are code points and bytes are UTF-8", () => {
    const { characters, bytes, tokenizers } = compareTokenizers([{ name: "poor", tokenizer: poor }], [{ text: "né👍" }, { text: "\ud800" }]);
    expect({ characters, bytes }).toEqual({ characters: 4, bytes: 1 + 2 + 4 + 3 });
    expect(tokenizers[0]).toMatchObject({ tokens: { total: 10 }, charactersPerToken: 0.4, lossy: { spacing: 0, normalized: 0, content: 1 } });
  });

  test("a text without words has tokens, and no part in fertility", () => {
    const [only] = compareTokenizers([{ name: "poor", tokenizer: poor }], [{ text: "!!" }, { text: "the" }]).tokenizers;
    expect(only).toMatchObject({ tokens: { total: 3 }, fertility: 1 });
    const [none] = compareTokenizers([{ name: "poor", tokenizer: poor }], [{ text: "!!" }]).tokenizers;
    expect(none?.fertility).toBeUndefined();
    expect(none?.languages[0]).toEqual({ language: "none", by: "script", tokens: 2, bytesPerToken: 1, lost: 0 });
  });
});

describe("losses", () => {
  test("unknown tokens, normalised texts and lost spacing are told apart", () => {
    const tokenizer = wordPieces(["cat", "##s", "!", "caf", "##e"]);
    const texts = ["cats", "CATS", "Café", "cats  !", "dog cat"];
    const [figures] = compareTokenizers(
      [{ name: "wp", tokenizer }],
      texts.map((text) => ({ text })),
    ).tokenizers;
    // cat ##s · cat ##s · caf ##e · cat ##s ! · [UNK] cat
    expect(figures?.tokens.total).toBe(11);
    expect(figures?.unknown).toEqual({ tokens: 1, texts: 1, rate: 1 / 11 });
    expect(figures?.lossy).toEqual({ spacing: 1, normalized: 2, content: 1 });
    expect(figures?.languages).toMatchObject([{ language: "Latin", lost: 1 }]);
  });

  test("who takes the fewest tokens by losing content is told so", () => {
    const compared = [
      { name: "wp", tokenizer: wordPieces(["cat"]) },
      { name: "poor", tokenizer: poor },
    ];
    const { says } = compareTokenizers(
      compared,
      ["cat", "dogs", "bird bird", "cat dog", "bird"].map((text) => ({ text })),
    ).fewestTokens;
    expect(says).toMatch(/^wp takes the fewest tokens.* But wp loses content of 4 queries\.$/);
  });

  test("the text of a special token is counted as text", () => {
    const tokenizer = wordsOrBytes("special", [], { "<|end|>": 300 });
    const [figures] = compareTokenizers([{ name: "special", tokenizer }], [{ text: "<|end|>" }]).tokenizers;
    expect(figures?.tokens.total).toBe(7);
    expect(figures?.lossy.content).toBe(0);
  });
});

describe("languages by script", () => {
  test("texts without a label are grouped by the script of most letters, and the report says so", () => {
    const texts = ["Hello", "Привет, Bob", "日本語のテキスト", "漢字", "안녕", "123", "مرحبا"];
    const report = compareTokenizers(
      [{ name: "poor", tokenizer: poor }],
      texts.map((text) => ({ text })),
    );
    expect(report.languages.map(({ language, by }) => `${language} ${by}`).sort()).toEqual(
      ["Arabic script", "Cyrillic script", "Han script", "Hangul script", "Japanese script", "Latin script", "none script"].sort(),
    );
    expect(report.notes[0]).toBe("The queries name no language: they are grouped by the script of most of their letters, which is not the language.");
  });

  test("a label that reads like a script stays apart from the script", () => {
    const report = compareTokenizers([{ name: "poor", tokenizer: poor }], [{ text: "Hello" }, { text: "Salve", language: "Latin" }]);
    expect(report.languages).toHaveLength(2);
  });
});

describe("cost", () => {
  const queries = [{ text: "the cat sat", answer: "the" }, { text: "the cat" }];

  test("is that of input and answers, per query and per month", () => {
    const compared: ComparedTokenizer[] = [{ name: "rich", tokenizer: rich, prices: priced(2, 10) }];
    const [figures] = compareTokenizers(compared, queries, { queriesPerMonth: 1000 }).tokenizers;
    // 3 in and 1 out, 2 in: 16 and 4 millionths of a dollar.
    expect(figures?.outputTokens).toMatchObject({ total: 1 });
    expect(figures?.cost?.perQuery.total).toBeCloseTo(20e-6, 15);
    expect(figures?.cost?.perMonth).toBeCloseTo(10e-3, 12);
    expect(figures?.cost).toMatchObject({ estimate: false, price: { provider: "acme" } });
  });

  test("is unknown in words where the price is, and absent where no model was named", () => {
    const report = compareTokenizers(
      [
        { name: "a", tokenizer: rich, prices: { unknown: "no price for a" } },
        { name: "b", tokenizer: poor },
      ],
      queries,
    );
    expect(report.tokenizers[0]).toMatchObject({ costUnknown: "no price for a" });
    for (const figures of report.tokenizers) expect(figures.cost).toBeUndefined();
    expect(report.cheapest).toEqual({ order: [], differences: [], says: "Nothing to rank by cost." });
  });

  test("with a tokenizer that stands in for another is an estimate, and says so", () => {
    const compared: ComparedTokenizer[] = [
      { name: "a", tokenizer: rich, prices: priced(1) },
      { name: "b", tokenizer: rich, exact: false, prices: priced(2) },
    ];
    const report = compareTokenizers(
      compared,
      ["the", "the cat", "the cat sat", "the", "the cat"].map((text) => ({ text })),
    );
    expect(report.tokenizers[1]?.cost?.estimate).toBe(true);
    expect(report.cheapest.says).toContain("Estimated: b.");
    expect(report.fewestTokens.order.map(({ name }) => name)).toEqual(["a"]);
    expect(report.notes[1]).toContain("b (counted with rich)");
  });
});

describe("which is least", () => {
  const texts = (...list: string[]) => list.map((text) => ({ text }));
  const varied = texts("the cat sat", "the dog cat", "cat", "the cat", "Katze cat", "sat", "the cat cat sat sat");

  test("is shown where the interval of the difference lies above 0", () => {
    const { fewestTokens } = compareTokenizers(
      [
        { name: "poor", tokenizer: poor },
        { name: "rich", tokenizer: rich },
      ],
      varied,
    );
    // rich less poor: 6, 3, 0, 3, 7, 0, 12 tokens apart: mean 31/7, standard error sqrt(var/7).
    const [difference] = fewestTokens.differences;
    const mean = 31 / 7;
    const variance = [6, 3, 0, 3, 7, 0, 12].reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
    const half = 2.446911851144969 * Math.sqrt(variance / 7); // t of 0.95 with 6 degrees, SciPy 1.17.1
    expect(difference?.interval?.estimate).toBeCloseTo(mean, 12);
    expect(difference?.interval?.low).toBeCloseTo(mean - half, 9);
    expect(fewestTokens).toMatchObject({ shown: "rich", says: "rich takes the fewest tokens, and the interval of every difference lies above 0." });
  });

  test("is not shown where the interval includes no difference", () => {
    const { fewestTokens } = compareTokenizers(
      [
        { name: "poor", tokenizer: poor },
        { name: "rich", tokenizer: rich },
      ],
      texts("the", "the", "the", "the", "the", "the cat sat"),
    );
    expect(fewestTokens.shown).toBeUndefined();
    expect(fewestTokens.says).toBe("No difference shown between rich and poor: the interval includes 0.");
  });

  test("few queries have no interval, however far apart", () => {
    for (const count of [1, 4]) {
      const compared = [
        { name: "poor", tokenizer: poor },
        { name: "rich", tokenizer: rich },
      ];
      const { fewestTokens } = compareTokenizers(compared, texts(...varied.slice(0, count).map(({ text }) => text)));
      expect(fewestTokens.shown).toBeUndefined();
      expect(fewestTokens.differences[0]?.interval).toBeUndefined();
      expect(fewestTokens.says).toMatch(/too few for an interval/);
    }
  });

  test("leaves baselines out, and counts a tokenizer that two models share once", () => {
    const compared: ComparedTokenizer[] = [
      { name: "one", tokenizer: rich, prices: priced(1) },
      { name: "two", tokenizer: rich, prices: priced(1) },
      { name: "bytes", tokenizer: poor, baseline: true },
    ];
    const { fewestTokens, cheapest } = compareTokenizers(compared, varied);
    expect(fewestTokens.order.map(({ name }) => name)).toEqual(["one"]);
    expect(cheapest.shown).toBeUndefined();
    expect(cheapest).toMatchObject({ spread: 1, differences: [{ name: "two", interval: { low: 0, high: 0 }, shown: false }] });
  });

  test("several differences hold together: each interval is wider than alone", () => {
    const three = [
      { name: "rich", tokenizer: rich },
      { name: "poor", tokenizer: poor },
      { name: "bare", tokenizer: wordsOrBytes("bare", []) },
    ];
    const { differences } = compareTokenizers(three, varied).fewestTokens;
    for (const { interval } of differences) expect(interval?.level).toBeCloseTo(0.975, 12);
  });
});

describe("bad input", () => {
  test("nothing to compare, a name twice and an impossible month are refused", () => {
    const one = [{ name: "poor", tokenizer: poor }];
    expect(() => compareTokenizers(one, [])).toThrow(/no query/);
    expect(() => compareTokenizers([], [{ text: "x" }])).toThrow(/no tokenizer/);
    expect(() => compareTokenizers([...one, ...one], [{ text: "x" }])).toThrow(/named twice/);
    for (const queriesPerMonth of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => compareTokenizers(one, [{ text: "x" }], { queriesPerMonth })).toThrow(/a month/);
    }
  });

  test("any texts give figures that add up", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 20 }), (texts) => {
        const report = compareTokenizers(
          [{ name: "poor", tokenizer: poor }],
          texts.map((text) => ({ text })),
        );
        const [figures] = report.tokenizers;
        expect(figures?.tokens.total).toBe(texts.reduce((sum, text) => sum + poor.count(text), 0));
        expect(report.languages.reduce((sum, { queries }) => sum + queries, 0)).toBe(texts.length);
        expect(figures?.languages.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(figures?.tokens.total);
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
      }),
    );
  });
});
