import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BytePairEncoder } from "../src/bpe/byte-pair-encoder.ts";
import { CompiledPieces } from "../src/bpe/compiled/compiled-pieces.ts";
import { PairMemo, rulesOfRanks } from "../src/bpe/pair-ranks.ts";
import { Utf8Buffer } from "../src/bpe/utf8-buffer.ts";
import { readTiktokenJson } from "../src/known/read-tiktoken-json.ts";
import { readRanks } from "../src/read-ranks.ts";
import { cl100kPattern, gpt2Pattern, knownPatterns, o200kPattern, qwen2Pattern } from "../src/scan/known-patterns.ts";
import type { Scan } from "../src/scan/runs.ts";
import { scanDigits } from "../src/scan/scan-digits.ts";
import { code, multilingual, oddTexts, prose } from "./corpora.ts";

const file = readFileSync(createRequire(import.meta.url).resolve("tiktoken/encoders/o200k_base.json"));
const vocabulary = readRanks(readTiktokenJson(file, "o200k_base").ranks, "o200k_base");
const byteIds = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.find(new DataView(Uint8Array.of(byte, 0, 0, 0).buffer), 0, 1));
const scans: [string, Scan][] = Object.entries({ gpt2Pattern, cl100kPattern, qwen2Pattern, o200kPattern }).map(([name, pattern]) => [
  name,
  knownPatterns.get(pattern) as Scan,
]);
const scanO200k = knownPatterns.get(o200kPattern) as Scan;

const filled = (text: string): Utf8Buffer => new Utf8Buffer().fill(text);
const unlimited = 0x3fff_ffff;

/** The pieces of a text, as the scanner cuts them. */
function piecesOf(text: string, scan: Scan): string[] {
  const { bytes, length } = filled(text);
  const pieces: string[] = [];
  for (let from = 0; from < length; ) {
    const to = scan(bytes, from, length);
    pieces.push(Buffer.from(bytes.subarray(from, to)).toString("latin1"));
    from = to;
  }
  return pieces;
}

/** Every piece is one id, the number of pieces that were there before it first came: ids tell how the program cuts. */
function numbering() {
  const numbers = new Map<string, number>();
  const compiled = CompiledPieces.of({
    vocabulary,
    byteIds,
    ranked: false,
    merge({ bytes }, start, end) {
      const piece = Buffer.from(bytes.subarray(start, end)).toString("latin1");
      if (!numbers.has(piece)) numbers.set(piece, numbers.size);
      return Uint32Array.of(numbers.get(piece) as number);
    },
  }) as CompiledPieces;
  return (text: string, scan: Scan): string[] => {
    const source = filled(text);
    const { ids } = compiled.encode(source, scan, 0, source.length, true, unlimited);
    const names = [...numbers.keys()];
    return Array.from(ids, (id) => names[id] as string);
  };
}

/** The program as it runs, with merging of its own. */
function ranked(): CompiledPieces {
  const reference = referenceEncoder();
  const merge = (text: Utf8Buffer, start: number, end: number) => {
    reference.encodeAnchored(text, start, end, []);
    return reference.take();
  };
  return CompiledPieces.of({ vocabulary, byteIds, ranked: true, merge }) as CompiledPieces;
}

const referenceEncoder = () => new BytePairEncoder({ vocabulary, byteIds, wholePieces: true, pairs: new PairMemo(rulesOfRanks(vocabulary)) });

/** Piece by piece, in script, with nothing remembered. */
function reference() {
  const encoder = referenceEncoder();
  return (text: string, scan: Scan): number[] => {
    const source = filled(text);
    for (let from = 0; from < source.length; ) {
      const to = scan(source.bytes, from, source.length);
      encoder.encodeAnchored(source, from, to, []);
      from = to;
    }
    return Array.from(encoder.take());
  };
}

/** What scanners tell apart, and what stands at the edges of 16 bytes. */
const fragment = fc.oneof(
  fc.constantFrom(..."aZ019 \t\n\r'/_-.,;(){}<>\"=\v\f\0\x1f\x7f"),
  fc.constantFrom("'s", "'LL", "'ſ", "'t", "n't", "'re", "''", " '", "\r\n", "//", "\n/", "\n\n  ", "camelCase", "URLs", "ABc", "I", " I'd", "x86"),
  fc.constantFrom(
    "é",
    "ß",
    "ſ",
    "Ǆ",
    "ǅ",
    "ʰ",
    "ª",
    "\u0301",
    "א",
    "ا",
    "ক",
    "ি",
    "ไ",
    "漢",
    "が",
    "ー",
    "한",
    "١",
    "²",
    "½",
    "Ⅷ",
    "🙂",
    "👩‍👩‍👧",
    "𝐀",
    "\u0085",
  ),
  fc.constantFrom("\u00a0", "\u2028", "\u3000", "\ufeff", "\u200b", "\ud800", "\udc00", "—", "…", "。", "€"),
  fc
    .tuple(fc.constantFrom("a", "A", "b", " ", "\n", "\t", "-", "=", "7", "é", "漢", "ab", "ক"), fc.nat(40))
    .map(([unit, times]) => unit.repeat(times)),
  fc.stringMatching(/^[a-z]{1,18}$/),
);
const text = fc.array(fragment, { maxLength: 24 }).map((parts) => parts.join(""));

describe.each(scans)("%s", (_, scan) => {
  test("pieces are those of the scanner", () => {
    const cut = numbering();
    fc.assert(
      fc.property(text, (text) => {
        expect(cut(text, scan)).toEqual(piecesOf(text, scan));
      }),
      { numRuns: 3000 },
    );
  });

  test("pieces of real texts are those of the scanner", () => {
    const cut = numbering();
    for (const text of [prose(60_000, 1), code(60_000, 2), multilingual(8000, 3), ...oddTexts]) expect(cut(text, scan)).toEqual(piecesOf(text, scan));
  });

  test("ids are those of merging one piece after the other", () => {
    const compiled = ranked();
    const expected = reference();
    fc.assert(
      fc.property(text, (text) => {
        const source = filled(text);
        expect(Array.from(compiled.encode(source, scan, 0, source.length, true, unlimited).ids)).toEqual(expected(text, scan));
      }),
      { numRuns: 1500 },
    );
  });
});

test("ids of real texts, first counted, encoded twice", () => {
  const compiled = ranked();
  const expected = reference();
  for (const text of [prose(60_000, 4), code(60_000, 5), multilingual(8000, 6), ...oddTexts]) {
    const source = filled(text);
    const ids = expected(text, scanO200k);
    expect(compiled.encode(source, scanO200k, 0, source.length, false, unlimited).count).toBe(ids.length);
    for (let again = 0; again < 2; again++) {
      expect(Array.from(compiled.encode(source, scanO200k, 0, source.length, true, unlimited).ids)).toEqual(ids);
    }
  }
});

test("pieces of every length, up to those that are merged in script and those that are not remembered", () => {
  const compiled = ranked();
  const expected = reference();
  const random = seededRandom(7);
  const letters = (length: number, kinds: string) => Array.from({ length }, () => kinds[Math.floor(random() * kinds.length)]).join("");
  for (let length = 1; length <= 600; length += length < 270 ? 1 : 13) {
    const words = [
      letters(length, "ab"),
      letters(length, "etaoins"),
      letters(Math.ceil(length / 3), "คนไทยกล"),
      "a".repeat(length),
      "=".repeat(length),
    ];
    for (const text of [...words, ...words]) {
      const source = filled(text);
      expect(Array.from(compiled.encode(source, scanO200k, 0, source.length, true, unlimited).ids)).toEqual(expected(text, scanO200k));
    }
  }
});

test("a part of a buffer is a text of its own", () => {
  const compiled = ranked();
  const expected = reference();
  const source = filled("don't stop 漢字 now");
  for (const [start, end] of [
    [3, 8],
    [0, 5],
    [11, 14],
    [5, 5],
  ] as const) {
    const part = Buffer.from(source.bytes.subarray(start, end)).toString();
    expect(Array.from(compiled.encode(source, scanO200k, start, end, true, unlimited).ids)).toEqual(expected(part, scanO200k));
  }
});

test("it stops after the piece that takes the count above the limit", () => {
  const compiled = ranked();
  const text = "one two three antidisestablishmentarianism five";
  const source = filled(text);
  const counts = piecesOf(text, scanO200k).map((piece) => reference()(piece, scanO200k).length);
  for (let most = 0; most < 10; most++) {
    let expected = 0;
    for (const count of counts) if (expected <= most) expected += count;
    expect(compiled.encode(source, scanO200k, 0, source.length, true, most).count).toBe(expected);
  }
});

test("more pieces than it can remember: it forgets, and goes on right", () => {
  const compiled = ranked();
  const expected = reference();
  const random = seededRandom(8);
  const word = (length: number) => Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join("");
  const often = "the same words come again and again — 漢字 αβγ supercalifragilisticexpialidocious";
  const ids = expected(often, scanO200k);
  // 160 thousand short words fill the table, 40 thousand long ones the records.
  for (const [rounds, words, length] of [
    [16, 10_000, 5],
    [20, 2000, 60],
  ] as const) {
    for (let round = 0; round < rounds; round++) {
      const text = Array.from({ length: words }, () => word(length)).join(" ");
      for (const part of [text.slice(0, 100_000), often]) {
        const source = filled(part);
        const found = Array.from(compiled.encode(source, scanO200k, 0, source.length, true, unlimited).ids);
        if (part === often) expect(found).toEqual(ids);
        else if (round % 5 === 4) expect(found).toEqual(expected(part, scanO200k));
      }
    }
  }
});

test("a text whose pieces collide", () => {
  const bits = (1n << 64n) - 1n;
  /** Where the program first looks for a piece of up to eight bytes: known.as. */
  const first = (piece: string): bigint => {
    const low = Buffer.from(piece).reduce((word, byte, at) => word | (BigInt(byte) << BigInt(8 * at)), 0n);
    const mixed = ((low ^ BigInt(piece.length)) * 0x9e3779b97f4a7c15n) & bits;
    return (((mixed ^ (mixed >> 32n)) * 0xd6e8feb86659fd93n) & bits) >> 52n;
  };
  const words: string[] = [];
  for (let number = 0; words.length < 200; number++) {
    const word = ` ${[...number.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join("")}q`;
    if (first(word) === 77n) words.push(word);
  }
  const compiled = ranked();
  const text = words.join("");
  const source = filled(text);
  const ids = reference()(text, scanO200k);
  for (let again = 0; again < 3; again++) {
    expect(Array.from(compiled.encode(source, scanO200k, 0, source.length, true, unlimited).ids)).toEqual(ids);
  }
});

describe("in an encoder", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const long = prose(300_000, 9);
  const others = [prose(20_000, 10), multilingual(2000, 11), ...oddTexts, `x${"ab".repeat(100_000)}`];
  const encode = (encoder: BytePairEncoder, text: string, scan: Scan): number[] => {
    const source = filled(text);
    encoder.encodePieces(source, scan, 0, source.length, true, Number.POSITIVE_INFINITY);
    return Array.from(encoder.take());
  };

  test("the program begins to run when enough text has been seen, for scanners that it knows, and changes nothing", () => {
    const of = vi.spyOn(CompiledPieces, "of");
    const expected = reference();
    const encoder = referenceEncoder();
    for (const text of others.slice(0, 2)) expect(encode(encoder, text, scanO200k)).toEqual(expected(text, scanO200k));
    encode(encoder, long, scanDigits);
    expect(of).not.toHaveBeenCalled();
    encode(encoder, long, scanO200k);
    expect(of).toHaveBeenCalledTimes(1);
    for (const text of others) expect(encode(encoder, text, scanO200k)).toEqual(expected(text, scanO200k));
    expect(of).toHaveBeenCalledTimes(1);
    of.mockRestore();
  });

  test.each([
    ["missing", undefined],
    [
      "forbidden",
      {
        Module: class {
          constructor() {
            throw new Error("Refused to compile or instantiate WebAssembly module");
          }
        },
      },
    ],
  ])("where WebAssembly is %s, script does all of it", async (_, WebAssembly) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", WebAssembly);
    const modules = await Promise.all([import("../src/bpe/byte-pair-encoder.ts"), import("../src/scan/known-patterns.ts")]);
    const scan = modules[1].knownPatterns.get(o200kPattern) as Scan;
    const encoder = new modules[0].BytePairEncoder({ vocabulary, byteIds, wholePieces: true, pairs: new PairMemo(rulesOfRanks(vocabulary)) });
    const expected = reference();
    for (const text of [long, ...others.slice(0, 3)]) expect(encode(encoder, text, scan)).toEqual(expected(text, scanO200k));
  });
});
