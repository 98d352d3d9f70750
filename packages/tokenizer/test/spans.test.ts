import { readFileSync } from "node:fs";
import type { JsonObject, Tokenizer } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz, oddTexts } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
const built = (name: string): Tokenizer => {
  const variant = golden.variants.find((known: { name: string }) => known.name === name);
  return fromTokenizerJson({ ...golden.shell, model: golden.model, ...variant.patch } as JsonObject, name);
};
const asText = { disallowedSpecial: "as-text" } as const;

test("spans name the characters that a token's bytes belong to", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const shown = tokenizer.encodeWithSpans("naïve 👍🏽 𓀀!").map(({ id, span }) => [tokenizer.decode([id]), span.start, span.end]);
  expect(shown).toEqual([
    ["na", 0, 2],
    ["ï", 2, 3],
    ["ve", 3, 5],
    [" 👍", 5, 8],
    // A character of four bytes in several tokens: each covers the whole of it.
    ["\ufffd", 8, 10],
    ["\ufffd", 8, 10],
    [" ", 10, 11],
    ["\ufffd", 11, 13],
    ["\ufffd", 11, 13],
    ["\ufffd", 11, 13],
    ["\ufffd", 11, 13],
    ["!", 13, 14],
  ]);
});

test.each([["o200k_base"], ["cl100k_base"]])("%s: spans cover the text without a gap, in order, and hold the token's text", async (name) => {
  const tokenizer = await loadTokenizer(name);
  for (const text of [...oddTexts, ...fuzz(1500, 5)]) {
    let covered = 0;
    for (const { bytes, span } of tokenizer.encodeWithSpans(text, asText)) {
      if (span.start > covered) throw new Error(`gap before ${span.start} in ${JSON.stringify(text)}`);
      const own = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      if (!own.includes("\ufffd")) expect(text.slice(span.start, span.end)).toBe(own);
      covered = Math.max(covered, span.end);
    }
    expect(covered, JSON.stringify(text)).toBe(text.length);
  }
});

test("behind a normaliser, spans are of the text as given", () => {
  const text = "e\u0301 Cafe\u0301";
  const tokenizer = built("qwen2-nfc");
  const spans = tokenizer.encodeWithSpans(text);
  expect(tokenizer.decode(spans.map(({ id }) => id))).toBe("é Café");
  expect(spans.at(0)?.span).toEqual({ start: 0, end: 2 });
  expect(spans.at(-1)?.span).toEqual({ start: 6, end: 8 });
});

test("an added token found after normalisation covers what it was written as", () => {
  const spans = built("lower-added").encodeWithSpans("x  CAFE\u0301 y");
  const token = spans.find(({ bytes }) => new TextDecoder().decode(bytes) === "Café");
  expect(token?.span).toEqual({ start: 1, end: 8 });
  expect(spans.at(-1)?.span.end).toBe(10);
});

test("a space put before the text takes no room in it", () => {
  const tokenizer = built("gpt2-prefix-space");
  const [first] = tokenizer.encodeWithSpans("the");
  expect([new TextDecoder().decode(first?.bytes), first?.span]).toEqual([" the", { start: 0, end: 3 }]);
});

test.each([
  ["nfkc"],
  ["nfd-no-accents"],
  ["lower-added"],
  ["replace-strip-prepend"],
  ["gpt2-prefix-space"],
  ["missing-bytes"],
  ["missing-bytes-fused-unk"],
  ["split-Removed"],
])("%s: spans stay in the text and in order, whatever rewrites it", (name) => {
  const tokenizer = built(name);
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aA éE\u0301ﬁ한\u11a8q7Z\n\t ½🙂", "<|end|>", "ADDED", "café") }), (text) => {
      let start = 0;
      for (const { span } of tokenizer.encodeWithSpans(text, { allowedSpecial: "all" })) {
        expect(span.start).toBeGreaterThanOrEqual(start);
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.end).toBeLessThanOrEqual(text.length);
        start = span.start;
      }
    }),
    { numRuns: 150 },
  );
});
