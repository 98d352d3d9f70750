import { readFileSync } from "node:fs";
import type { EncodeOptions, JsonObject, OffsetUnit, Tokenizer } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { expect, test } from "vitest";
import { code, emoji, fuzz, multilingual, oddTexts, prose } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
const built = (name: string): Tokenizer => {
  const variant = golden.variants.find((known: { name: string }) => known.name === name);
  return fromTokenizerJson({ ...golden.shell, model: golden.model, ...variant.patch } as JsonObject, name);
};

/** The slow twin: spans as objects, and bytes counted anew before each of them. */
function expected(tokenizer: Tokenizer, text: string, unit: OffsetUnit, options: EncodeOptions) {
  const place = (at: number) => (unit === "utf16" ? at : Buffer.byteLength(text.slice(0, at)));
  const spans = tokenizer.encodeWithSpans(text, options);
  return { ids: spans.map(({ id }) => id), starts: spans.map(({ span }) => place(span.start)), ends: spans.map(({ span }) => place(span.end)) };
}

function check(tokenizer: Tokenizer, text: string, unit: OffsetUnit, options: EncodeOptions): void {
  const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { ...options, unit });
  expect({ ids: [...ids], starts: [...starts], ends: [...ends] }, JSON.stringify(text.slice(0, 200))).toEqual(
    expected(tokenizer, text, unit, options),
  );
}

const units: [OffsetUnit][] = [["utf8"], ["utf16"]];
const asText = { disallowedSpecial: "as-text" } as const;
const all = { allowedSpecial: "all" } as const;

test.each(units)("offsets in %s are those of the spans", async (unit) => {
  const tokenizer = await loadTokenizer("o200k_base");
  for (const text of [...oddTexts, ...fuzz(600, 8), prose(2000, 1), code(2000, 2), multilingual(2000, 3), emoji(500, 4)])
    check(tokenizer, text, unit, asText);
  check(tokenizer, "naïve <|endoftext|> 👍🏽 \ud83d<|endofprompt|>é", unit, all);
});

test.each(units)("also where a long text is taken in parts (%s)", async (unit) => {
  const tokenizer = await loadTokenizer("cl100k_base");
  const text = prose(70_000, 6) + multilingual(20_000, 7) + emoji(10_000, 8) + "a".repeat(40_000) + prose(3000, 9);
  const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { unit });
  expect(ids).toEqual(tokenizer.encode(text));
  const bytes = new TextEncoder().encode(text);
  const bytesOf = (start: number, end: number) => Buffer.from(unit === "utf8" ? bytes.subarray(start, end) : text.slice(start, end));
  let covered = 0;
  for (let i = 0; i < ids.length; i++) {
    const [start, end] = [starts[i] as number, ends[i] as number];
    if (start > covered) throw new Error(`a gap before ${start}`);
    covered = Math.max(covered, end);
    const token = Buffer.from(tokenizer.bytesOf(ids[i] as number) ?? []);
    if (!bytesOf(start, end).includes(token)) throw new Error(`token ${i} is not at ${start}`);
  }
  expect(covered).toBe(unit === "utf8" ? bytes.length : text.length);
});

test.each(
  [
    "gpt2",
    "qwen2-nfc",
    "nfkc",
    "lower-added",
    "replace-strip-prepend",
    "gpt2-prefix-space",
    "missing-bytes",
    "missing-bytes-fused-unk",
    "split-Removed",
    "deepseek",
  ].map((name) => [name]),
)("%s: offsets are those of the spans, whatever rewrites the text", (name) => {
  const tokenizer = built(name);
  const unit = fc.constantFrom<OffsetUnit>("utf8", "utf16");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."aA éE\u0301ﬁ한\u11a8q7Z\n\t ½🙂", "<|end|>", "ADDED", "café", "\ud83d") }),
      unit,
      (text, chosen) => check(tokenizer, text, chosen, all),
    ),
    { numRuns: 120 },
  );
});
