import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { get_encoding, type Tiktoken, type TiktokenEncoding } from "tiktoken";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as corpora from "./corpora.ts";

const asText = { disallowedSpecial: "as-text" } as const;

/** GPT-2's ranks and pattern, which have no name here: they are an oracle for the pattern in which many a tokenizer.json comes. */
function loadGpt2(): Tokenizer {
  const path = createRequire(import.meta.url).resolve("tiktoken/encoders/gpt2.json");
  const file = JSON.parse(readFileSync(path, "utf8")) as { bpe_ranks: string; pat_str: string; special_tokens: Record<string, number> };
  return fromTiktokenRanks({
    name: "gpt2",
    ranks: new TextEncoder().encode(file.bpe_ranks),
    pattern: file.pat_str,
    specialTokens: file.special_tokens,
  });
}

describe.each<[TiktokenEncoding, () => Promise<Tokenizer>]>([
  ["o200k_base", () => loadTokenizer("o200k_base")],
  ["cl100k_base", () => loadTokenizer("cl100k_base")],
  ["gpt2", async () => loadGpt2()],
])("%s gives the ids of tiktoken", (name, load) => {
  let ours: Tokenizer;
  let theirs: Tiktoken;
  beforeAll(async () => {
    ours = await load();
    theirs = get_encoding(name);
  });
  afterAll(() => theirs.free());

  /** The first text that differs, or undefined. tiktoken's binding takes well-formed strings; lone surrogates are U+FFFD in both. */
  function firstDifference(texts: Iterable<string>): { text: string; ours: number[]; theirs: number[] } | undefined {
    for (const text of texts) {
      const a = ours.encode(text, asText);
      const b = theirs.encode_ordinary(text.toWellFormed());
      if (a.length !== b.length || a.some((id, index) => id !== b[index])) return { text, ours: [...a], theirs: [...b] };
      if (ours.count(text, asText) !== a.length) return { text, ours: [ours.count(text, asText)], theirs: [a.length] };
      if (ours.decode(a) !== text.toWellFormed()) return { text: ours.decode(a), ours: [], theirs: [] };
    }
    return undefined;
  }

  test.each<[string, (length: number, seed: number) => string]>([
    ["prose", corpora.prose],
    ["code", corpora.code],
    [`${corpora.scripts.length} scripts`, corpora.multilingual],
    ["JSON", corpora.json],
    ["base64", corpora.base64],
    ["emoji", corpora.emoji],
  ])("%s", (_, generate) => {
    expect(firstDifference([generate(60_000, 1), generate(500, 2), generate(50, 3)])).toBeUndefined();
  });

  test("what peers get wrong", () => {
    expect(firstDifference(corpora.oddTexts)).toBeUndefined();
  });

  test("random texts", () => {
    expect(firstDifference(corpora.fuzz(12_000, 20_260_101))).toBeUndefined();
  });

  test("every code point, beside letters, digits, symbols and spaces", () => {
    const texts = function* () {
      let text = "";
      for (let codePoint = 0; codePoint < 0x32000; codePoint += codePoint >= 0x3400 && codePoint < 0xd7a0 ? 41 : codePoint >= 0x11000 ? 3 : 1) {
        if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
        const character = String.fromCodePoint(codePoint);
        text += `A${character}a ${character}${character}1${character}.`;
        if (text.length > 2000) {
          yield text;
          text = "";
        }
      }
      yield text;
    };
    expect(firstDifference(texts())).toBeUndefined();
  });

  test("special tokens, where they are allowed", () => {
    for (const special of ours.specialTokens.keys()) {
      const text = `a ${special}${special}\n b${special}`;
      expect(ours.encode(text, { allowedSpecial: "all" })).toEqual(theirs.encode(text, "all"));
    }
    for (const [special, id] of ours.specialTokens) expect([id]).toEqual([...theirs.encode(special, [special])]);
  });

  test("the bytes of every token", () => {
    let differing = 0;
    let unused = 0;
    for (let id = 0; id < ours.vocabSize; id++) {
      const bytes = ours.bytesOf(id);
      if (!bytes) unused++;
      else if (Buffer.compare(bytes, theirs.decode_single_token_bytes(id)) !== 0) differing++;
    }
    expect({ differing, unused }).toEqual({ differing: 0, unused: { o200k_base: 19, cl100k_base: 16 }[name as string] ?? 0 });
  });
});
