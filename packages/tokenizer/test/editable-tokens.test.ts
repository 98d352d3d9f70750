import { readFileSync } from "node:fs";
import type { EncodeOptions, JsonObject, Tokenizer } from "@cutaway/core";
import { editableTokens, fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deepseekPatterns } from "../src/scan/scan-deepseek.ts";
import { type CutsText, hasTextCuts } from "../src/text-cuts.ts";
import { code, multilingual, prose } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
const deepseek = {
  type: "Sequence",
  pretokenizers: [
    ...deepseekPatterns.map((Regex) => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false })),
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
};
const built = (name: string): Tokenizer => {
  if (name === "deepseek-v3") return fromTokenizerJson({ ...golden.shell, model: golden.model, pre_tokenizer: deepseek }, name);
  const variant = golden.variants.find((known: { name: string }) => known.name === name);
  return fromTokenizerJson({ ...golden.shell, model: golden.model, ...variant.patch } as JsonObject, name);
};
const asText = { disallowedSpecial: "as-text" } as const;

/** What makes pieces depend on what is around them: white space before numbers, words and line ends, cased and caseless letters, marks, halves of pairs. */
const fragments = fc.constantFrom(
  ..." |  |   |\n|\r\n| \n |\t|1|12|1234|a|the|The|THE| word|'s|'S|'|’|!|//|...|é|e\u0301|\u0301|文|文字|가|ᄀ|ᅡ|👍🏽|\ud83d|\udc4d|\ufeff|\u0085|<|end|ADDED|CAFÉ|".split(
    "|",
  ),
  "<|endoftext|>",
  "<|end|>",
  "|>",
  "<|",
  "a".repeat(700),
);
const long = fc
  .tuple(fc.nat(1e6), fc.constantFrom(prose, code, multilingual), fc.array(fragments, { maxLength: 40 }))
  .map(([seed, make, tail]) => make(3000, seed) + tail.join(""));
const edits = fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.array(fragments, { maxLength: 4 })), { minLength: 1, maxLength: 12 });

function checkEdits(tokenizer: Tokenizer, text: string, steps: [number, number, string[]][], options: EncodeOptions): void {
  const editable = editableTokens(tokenizer, text, options);
  let current = text;
  let ids = [...tokenizer.encode(text, options)];
  for (const [place, removed, inserted] of steps) {
    const start = current.length === 0 ? 0 : place % (current.length + 1);
    const end = Math.min(current.length, start + removed);
    const change = editable.edit(start, end, inserted.join(""));
    current = current.slice(0, start) + inserted.join("") + current.slice(end);
    const expected = [...tokenizer.encode(current, options)];
    ids.splice(change.at, change.removed, ...change.inserted);
    if (ids.join() !== expected.join())
      throw new Error(`the change is not that of encode for ${JSON.stringify(current.slice(start - 30, start + 60))}`);
    expect(editable.count).toBe(expected.length);
    ids = expected;
  }
  expect(editable.text).toBe(current);
  expect([...editable.ids()]).toEqual(ids);
}

describe.each([["o200k_base"], ["cl100k_base"]])("%s", (name) => {
  test.each([
    ["as text", asText],
    ["allowed", { allowedSpecial: "all" }],
  ] as const)("after every edit, the ids are those of the whole text; special tokens %s", async (_, options) => {
    const tokenizer = await loadTokenizer(name);
    fc.assert(
      fc.property(long, edits, (text, steps) => checkEdits(tokenizer, text, steps, options)),
      { numRuns: 60 },
    );
  });
});

test.each([["gpt2"], ["qwen2-nfc"], ["lower-added"], ["gpt2-prefix-space"], ["missing-bytes"], ["deepseek-v3"], ["bloom"]])(
  "%s, whatever its rules",
  (name) => {
    const tokenizer = built(name);
    fc.assert(
      fc.property(long, edits, (text, steps) => checkEdits(tokenizer, text.slice(2000), steps, { allowedSpecial: "all" })),
      { numRuns: 40 },
    );
  },
);

test("byte-level tokenizers with a published pattern know where texts can be cut, also behind NFC; those that rewrite or prefix the text do not", async () => {
  const known = [await loadTokenizer("o200k_base"), ...["gpt2", "qwen2-nfc", "missing-bytes", "deepseek-v3"].map(built)];
  expect(known.map(hasTextCuts)).toEqual([true, true, true, true, true]);
  expect(["lower-added", "gpt2-prefix-space", "bloom"].map((name) => hasTextCuts(built(name)))).toEqual([false, false, false]);
});

test("one key in a long prompt touches few tokens, and encodes few characters", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = prose(1_000_000, 5);
  let units = 0;
  const { cutReach, cutsAt } = tokenizer as Tokenizer & CutsText;
  const counting: Tokenizer & CutsText = Object.assign(Object.create(tokenizer), {
    cutReach,
    cutsAt: cutsAt.bind(tokenizer),
    encode(part: string, options: EncodeOptions) {
      units += part.length;
      return tokenizer.encode(part, options);
    },
    count: tokenizer.count.bind(tokenizer),
  });
  const editable = editableTokens(counting, text, asText);
  units = 0;
  const change = editable.edit(500_000, 500_000, "x");
  expect(units).toBeLessThan(3000);
  expect(change.removed).toBeLessThan(6);
  expect(editable.count).toBe(tokenizer.count(editable.text, asText));
});

test("a refused special token is named where it stands in the whole text, and changes nothing", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = prose(5000, 9);
  const editable = editableTokens(tokenizer, text);
  expect(() => editable.edit(4000, 4000, "<|endoftext|>")).toThrow(
    expect.objectContaining({ code: "special-token-in-text", data: expect.objectContaining({ at: 4000 }) }),
  );
  expect(editable.text).toBe(text);
  expect(editable.count).toBe(tokenizer.count(text));
});

test.each([
  [-1, 0],
  [3, 2],
  [0, 99],
  [0.5, 1],
])("[%d, %d) is no range of the text", async (start, end) => {
  const editable = editableTokens(await loadTokenizer("o200k_base"), "hello");
  expect(() => editable.edit(start, end, "")).toThrow(expect.objectContaining({ code: "bad-edit" }));
});

test("an option that would have no effect is refused", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  expect(() => editableTokens(tokenizer, "hello", { addSpecialTokens: true } as EncodeOptions)).toThrow(
    expect.objectContaining({ code: "bad-option" }),
  );
});
