import { readFileSync } from "node:fs";
import type { JsonObject, Tokenizer } from "@cutaway/core";
import { cutAtLimit, fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { expect, test } from "vitest";
import { code, emoji, multilingual, prose } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
const built = (name: string): Tokenizer => {
  const variant = golden.variants.find((known: { name: string }) => known.name === name);
  return fromTokenizerJson({ ...golden.shell, model: golden.model, ...variant.patch } as JsonObject, name);
};

/** The definition: try every place between two characters, the longest first. */
function longest(tokenizer: Tokenizer, text: string, limit: number, keep: "start" | "end"): string {
  const characters = [...text];
  for (let length = characters.length; length > 0; length--) {
    const part = (keep === "start" ? characters.slice(0, length) : characters.slice(-length)).join("");
    if (tokenizer.count(part) <= limit) return part;
  }
  return "";
}

const texts = fc
  .tuple(fc.nat(1e6), fc.constantFrom(prose, code, multilingual, emoji), fc.nat(300))
  .map(([seed, make, length]) => make(length, seed).slice(0, length));

test.each([["o200k_base"], ["cl100k_base"]])("%s: the longest part that fits, from either end", async (name) => {
  const tokenizer = await loadTokenizer(name);
  fc.assert(
    fc.property(texts, fc.nat(90), fc.constantFrom("start" as const, "end" as const), (text, limit, keep) => {
      const cut = cutAtLimit(tokenizer, text, limit, { keep });
      if (!cut) throw new Error("an empty text has no tokens");
      const part = text.slice(cut.start, cut.end);
      expect(part).toBe(longest(tokenizer, text, limit, keep));
      expect(cut.count).toBe(tokenizer.count(part));
    }),
    { numRuns: 150 },
  );
});

test.each([["bloom"], ["gpt2-prefix-space"], ["lower-added"]])(
  "%s, which has no cuts: what is returned fits, and no longer one within reach",
  (name) => {
    const tokenizer = built(name);
    fc.assert(
      fc.property(texts, fc.nat(60), fc.constantFrom("start" as const, "end" as const), (text, limit, keep) => {
        const cut = cutAtLimit(tokenizer, text, limit, { keep });
        if (!cut) throw new Error("an empty text has no tokens");
        expect(text.slice(cut.start, cut.end)).toBe(longest(tokenizer, text, limit, keep));
      }),
      { numRuns: 60 },
    );
  },
);

test("a run without a cut of any length is searched by halving", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = `${"ab".repeat(20_000)} end`;
  const cut = cutAtLimit(tokenizer, text, 1000);
  const part = text.slice(0, cut?.end);
  expect(tokenizer.count(part)).toBe(cut?.count);
  expect(cut?.count).toBeLessThanOrEqual(1000);
  for (let more = 1; more <= 64; more++) expect(tokenizer.count(text.slice(0, part.length + more))).toBeGreaterThan(1000);
});

test("what lies beyond the limit is not looked at", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = `${prose(300_000, 4)}<|endoftext|>`;
  expect(() => tokenizer.count(text)).toThrow(expect.objectContaining({ code: "special-token-in-text" }));
  expect(cutAtLimit(tokenizer, text, 100)?.count).toBe(100);
  expect(tokenizer.countWithinLimit(text, 100)).toBe(undefined);
});

test("tokens put around the text count", () => {
  const added = golden.variants.find(({ name }: { name: string }) => name === "added");
  const { id, content } = added.patch.added_tokens[0];
  const post_processor = {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: content, type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { [content]: { id: content, ids: [id], tokens: [content] } },
  };
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...added.patch, post_processor }, "templated");
  const text = "one two three four";
  const alone = cutAtLimit(tokenizer, text, 3);
  expect(cutAtLimit(tokenizer, text, 4, { addSpecialTokens: true })).toEqual({ ...alone, count: (alone?.count ?? 0) + 1 });
  expect(cutAtLimit(tokenizer, text, 1, { addSpecialTokens: true })).toEqual({ start: 0, end: 0, count: 1 });
  expect(cutAtLimit(tokenizer, text, 0, { addSpecialTokens: true })).toBe(undefined);
});

test.each([[-1], [1.5], [Number.NaN]])("%d is no limit", async (limit) => {
  const tokenizer = await loadTokenizer("o200k_base");
  expect(() => cutAtLimit(tokenizer, "x", limit)).toThrow(expect.objectContaining({ code: "bad-limit" }));
});
