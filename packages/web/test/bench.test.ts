import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFrame } from "../src/api/frame.ts";
import type { PackedTokens } from "../src/api/tokenizers.ts";
import { auditCommand, textsDiffCommand, tokenizerWord, tokensCommand } from "../src/bench/bench-commands.ts";
import { countKinds, encodedText, shownTokens, tokenAtOffset } from "../src/bench/encoded-text.ts";
import { latticeRows } from "../src/bench/lattice-rows.ts";
import { withSpanLit } from "../src/bench/light-span.ts";
import { mergeSteps } from "../src/bench/merge-steps.ts";
import { utf8Length } from "../src/bench/utf8-length.ts";

const kinds: PackedTokens["kinds"] = ["text", "special", "byte", "unknown", "unused"];

/** As the server packs them. */
async function packed(name: string, text: string) {
  const tokenizer = await loadTokenizer(name);
  const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { disallowedSpecial: "as-text", unit: "utf16" });
  const entryIds = Uint32Array.from(new Set(ids)).sort();
  const entries = Array.from(entryIds, (id) => tokenizer.bytesOf(id) ?? new Uint8Array());
  let end = 0;
  const entryEnds = Uint32Array.from(entries, ({ length }) => (end += length));
  const entryKinds = Uint8Array.from(entryIds, (id) => kinds.indexOf(tokenizer.kindOf(id) ?? "text"));
  const entryBytes = Uint8Array.from(entries.flatMap((bytes) => [...bytes]));
  const { family, vocabSize } = tokenizer;
  const all: PackedTokens = { family, vocabSize, bytes: 0, added: false, kinds, ids, starts, ends, entryIds, entryEnds, entryKinds, entryBytes };
  return encodedText(name, text, all);
}

describe("what stands in a token's box", () => {
  test("is the text, bytes where tokens share a character, and names where nothing would be seen", async () => {
    const shown = shownTokens(await packed("o200k_base", "né 👩‍👧\u202E\n"), "text");
    expect(shown.join("|")).toMatch(/^n/);
    expect(shown.filter((each) => /^‹[0-9A-F ]+›$/.test(each)).length).toBeGreaterThan(2);
    expect(shown.join("")).toContain("‹ZWJ›");
    expect(shown.join("")).toContain("‹RLO›");
    expect(shown.at(-1)).toMatch(/↵\n$/);
  });

  test("is the part of the text that a normalised token stands for, with room where the family leaves a space out", async () => {
    const encoded = await packed("bert-base-uncased", "Hello WORLD\nagain");
    expect(shownTokens(encoded, "text")).toEqual(["Hello", "\u00A0WORLD", "\nagain"]);
    expect(shownTokens(encoded, "ids")).toEqual(Array.from(encoded.packed.ids, (id) => `\u00A0${id}\u00A0`));
    expect(shownTokens(await packed("bytes", "é"), "bytes")).toEqual(["\u00A0C3\u00A0", "\u00A0A9\u00A0"]);
  });

  test("kinds are told apart, but not where every token is a byte", async () => {
    expect(countKinds(await packed("bert-base-uncased", "ok 𒀀")).unknown).toBeGreaterThan(0);
    expect(countKinds(await packed("bytes", "abc")).byte).toBe(0);
  });

  test("read backwards, whole texts of any kind lose nothing", async () => {
    const tokenizer = await loadTokenizer("cl100k_base");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        const encoded = await packed("cl100k_base", text);
        expect(shownTokens(encoded, "text")).toHaveLength(tokenizer.count(text, { disallowedSpecial: "as-text" }));
        for (const each of shownTokens(encoded, "text")) expect(each).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0009]/);
      }),
      { numRuns: 200 },
    );
  });
});

test("a place of the text is in the last token that begins at or before it; a span lights all it touches", async () => {
  const encoded = await packed("o200k_base", "one two three");
  expect([0, 2, 3, 5, 12, 99].map((at) => tokenAtOffset(encoded, at))).toEqual([0, 0, 1, 1, 2, 2]);
  expect([...(withSpanLit(encoded, undefined, { start: 2, end: 4 }) ?? [])]).toEqual([2, 2, 0]);
  expect([...(withSpanLit(encoded, new Uint8Array([1, 1, 1]), { start: 13, end: 13 }) ?? [])]).toEqual([1, 1, 2]);
  expect(withSpanLit(encoded, undefined, undefined)).toBeUndefined();
});

test("merges, followed over the symbols, end in the tokens of the piece", async () => {
  const tokenizer = await loadTokenizer("gpt2");
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zé ]{1,30}$/), (text) => {
      for (const stretch of tokenizer.trace(text).stretches) {
        for (const { found, tokens } of stretch.kind === "text" ? stretch.pieces : []) {
          if (found.by !== "merges") continue;
          const steps = mergeSteps(found.symbols, found.merges);
          const last = steps.at(-1);
          const parts = last ? [...last.others, last].sort((a, b) => a.from - b.from) : found.symbols;
          expect(parts.map(({ bytes }) => [...bytes])).toEqual(tokens.map(({ bytes }) => [...bytes]));
          for (const { from, middle, to } of steps) expect(from < middle && middle < to).toBe(true);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("in no row of a lattice two candidates overlap, none is lost, and the best path is first", () => {
  const node = fc.record({ start: fc.nat(12), length: fc.integer({ min: 1, max: 6 }), score: fc.double({ min: -20, max: 0, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(node, { maxLength: 40 }), (drawn) => {
      const path = [0, 4, 9].map((start, i) => ({ start, end: [4, 9, 12][i] as number, text: "", score: -1, best: true }));
      const nodes = [...drawn.map(({ start, length, score }) => ({ start, end: start + length, text: "", score, best: false })), ...path];
      const rows = latticeRows(nodes);
      expect(rows[0]).toEqual(path);
      expect(rows.flat()).toHaveLength(nodes.length);
      for (const row of rows) {
        const sorted = row.toSorted((a, b) => a.start - b.start);
        for (let i = 1; i < sorted.length; i++) expect(sorted[i]?.start).toBeGreaterThanOrEqual(sorted[i - 1]?.end ?? 0);
      }
    }),
  );
});

test("bytes of a range are those of its UTF-8 form, lone surrogates as U+FFFD", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(50), fc.nat(50), (text, a, b) => {
      const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
      expect(utf8Length(text, start, end)).toBe(new TextEncoder().encode(text.slice(start, end)).length);
    }),
  );
});

test("a frame of another schema is refused", () => {
  const head = new TextEncoder().encode(`${JSON.stringify({ schema: "cutaway/other", version: 1, arrays: [] })}   `).slice(0, 52);
  const buffer = new ArrayBuffer(4 + head.length);
  new DataView(buffer).setUint32(0, head.length, true);
  new Uint8Array(buffer).set(head, 4);
  expect(() => readFrame(buffer, "cutaway/packed-tokens")).toThrow("cannot read");
});

describe("commands", () => {
  const word = (name: string) => tokenizerWord(name, [{ name: "tiny", from: "model" }]);

  test("hold a short text in one shell word, and name a file for any other", () => {
    expect(tokensCommand("show", word("gpt2"), "it's")).toBe(`npx cutaway tokens show --tokenizer gpt2 --text 'it'\\''s'`);
    for (const text of ["two\nlines", "x".repeat(1000), "\ud800"]) {
      expect(tokensCommand("trace", word("gpt2"), text, ["--piece 3"])).toBe("npx cutaway tokens trace --tokenizer gpt2 text.txt --piece 3");
    }
    expect(textsDiffCommand(word("gpt2"), "a b", "c")).toBe("npx cutaway tokens diff --text 'a b' --text c --tokenizer gpt2");
    expect(textsDiffCommand(word("gpt2"), "a b", "two\nlines")).toBe("npx cutaway tokens diff before.txt after.txt --tokenizer gpt2");
  });

  test("call an uploaded file by the name it had, a local model by its file, and a priced model by its own name", () => {
    expect(word("upload:0123abcd-spiece.model")).toBe("./spiece.model");
    expect(word("tiny")).toBe('"$(npx cutaway models info tiny --json | jq -r .path)"');
    expect(auditCommand(word("o200k_base"), "my terms.csv", "gpt-4o")).toBe("npx cutaway tokens audit 'my terms.csv' --model gpt-4o");
    expect(auditCommand(word("gpt2"), "terms.txt", "")).toBe("npx cutaway tokens audit terms.txt --tokenizer gpt2");
  });
});
