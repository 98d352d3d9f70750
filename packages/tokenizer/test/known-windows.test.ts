import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { seededRandom, type Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "@cutaway/tokenizer";
import { expect, test } from "vitest";
import { windowsAtCuts } from "../src/text-cuts.ts";
import { code, multilingual, prose } from "./corpora.ts";

const json = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("tiktoken/encoders/cl100k_base.json"), "utf8"));
const fresh = (): Tokenizer =>
  fromTiktokenRanks({
    name: "cl100k_base",
    ranks: new TextEncoder().encode(json.bpe_ranks),
    pattern: json.pat_str,
    specialTokens: json.special_tokens,
  });

test("a long text, again, counted first, with one character changed anywhere, or after others: always the ids of a tokenizer that has seen nothing", () => {
  const seen = fresh();
  const reference = fresh();
  const random = seededRandom(4);
  const texts = [prose(60_000, 1), code(60_000, 2), multilingual(3_000, 3), "x".repeat(30_000)];
  // Piece by piece, no text is long enough for a window.
  const ids = (text: string) => {
    const parts = [...windowsAtCuts(text, () => false)].map(({ start, end }) => text.slice(start, end));
    return parts.flatMap((part) => reference.encodeWithSpans(part).map(({ id }) => id as number));
  };
  for (const text of texts) {
    const expected = ids(text);
    expect(seen.count(text)).toBe(expected.length);
    expect(Array.from(seen.encode(text))).toEqual(expected);
    expect(Array.from(seen.encode(text))).toEqual(expected);
    for (let turn = 0; turn < 5; turn++) {
      const at = Math.floor(random() * text.length);
      const changed = `${text.slice(0, at)}${"Q7 é\n"[turn]}${text.slice(at + 1)}`;
      const changedIds = ids(changed);
      expect(Array.from(seen.encode(changed))).toEqual(changedIds);
      expect(seen.count(changed)).toBe(changedIds.length);
    }
  }
  const together = texts.join("\n");
  expect(Array.from(seen.encode(together))).toEqual(ids(together));
});

test("texts that have a long part in common have windows in common, wherever the part stands", () => {
  const shared = prose(400_000, 9);
  const isSpace = (text: string) => (at: number) => text[at] === " " && text[at - 1] !== " ";
  const windows = (text: string) => [...windowsAtCuts(text, isSpace(text))].map(({ start, end }) => text.slice(start, end));
  const known = new Set(windows(shared));
  const again = windows(`${prose(777, 5)} ${shared}`);
  expect(again.join("")).toContain(shared);
  expect(again.filter((window) => known.has(window)).length).toBeGreaterThan(again.length / 2);
});
