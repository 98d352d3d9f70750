import { seededRandom } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Utf8Buffer } from "../src/bpe/utf8-buffer.ts";
import { agendaBpe } from "../src/sentencepiece/agenda-bpe.ts";
import type { PieceModel } from "../src/sentencepiece/piece-model.ts";
import { NORMAL, type Pieces, PieceWriter, UNUSED, USER_DEFINED } from "../src/sentencepiece/pieces.ts";
import { PrefixMatcher } from "../src/sentencepiece/prefix-matcher.ts";
import { TokenList } from "../src/sentencepiece/token-list.ts";

/** Cutting a text where nothing merges, and remembering short pieces, must not change a token: held against the definition, which does neither. */

interface Piece {
  text: string;
  score: number;
  type: number;
}

const utf8 = new TextEncoder();
const unknown = 0;
/** `x`, 日 and 語 are in no piece. */
const alphabet = [..."abcé▁x日語"];

function randomPieces(seed: number): Piece[] {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const known = alphabet.slice(0, 5);
  const texts = new Set(["<unk>", ...known.filter(() => random() < 0.8)]);
  for (let i = 0; i < 25; i++) texts.add(Array.from({ length: 2 + below(4) }, () => known[below(5)] as string).join(""));
  return [...texts].map((text, id) => {
    const kind = random();
    // Few scores, so that many are equal.
    return { text, score: -below(8), type: id === unknown || kind < 0.8 ? NORMAL : kind < 0.9 ? UNUSED : USER_DEFINED };
  });
}

type Symbol = { text: string; frozen: boolean; parts?: [Symbol, Symbol] };

/** Byte pair encoding by score as it is defined: the best pair, the leftmost of equals, until none is left; unused pieces fall apart again. */
function slowly(pieces: readonly Piece[], text: string, fuseUnknown: boolean): number[] {
  const byText = new Map(pieces.map((piece, id) => [piece.text, { ...piece, id }]));
  byText.delete("<unk>");
  const userDefined = pieces.filter(({ type }) => type === USER_DEFINED).toSorted((a, b) => b.text.length - a.text.length);
  const symbols: Symbol[] = [];
  for (let at = 0; at < text.length; ) {
    const whole = userDefined.find((piece) => text.startsWith(piece.text, at));
    symbols.push({ text: whole?.text ?? String.fromCodePoint(text.codePointAt(at) as number), frozen: whole !== undefined });
    at += symbols.at(-1)?.text.length ?? 0;
  }
  for (;;) {
    let best: { score: number; at: number } | undefined;
    for (let at = 0; at + 1 < symbols.length; at++) {
      const [left, right] = [symbols[at] as Symbol, symbols[at + 1] as Symbol];
      const piece = left.frozen || right.frozen ? undefined : byText.get(left.text + right.text);
      if (piece && (!best || piece.score > best.score)) best = { score: piece.score, at };
    }
    if (!best) break;
    const [left, right] = symbols.slice(best.at, best.at + 2) as [Symbol, Symbol];
    symbols.splice(best.at, 2, { text: left.text + right.text, frozen: false, parts: [left, right] });
  }
  const takenApart = (symbol: Symbol): Symbol[] =>
    symbol.parts && byText.get(symbol.text)?.type === UNUSED ? symbol.parts.flatMap(takenApart) : [symbol];
  return symbols
    .flatMap(takenApart)
    .map((symbol) => byText.get(symbol.text)?.id ?? unknown)
    .filter((id, at, ids) => !fuseUnknown || id !== unknown || ids[at - 1] !== unknown);
}

function modelOf(pieces: readonly Piece[], fuseUnknown: boolean): PieceModel {
  const writer = new PieceWriter();
  for (const { text, score, type } of pieces) writer.add(utf8.encode(text), score, text === "<unk>" ? 2 : type);
  const written: Pieces = writer.finish();
  return agendaBpe(written, {
    userDefined: new PrefixMatcher(pieces.filter(({ type }) => type === USER_DEFINED).map(({ text }) => utf8.encode(text))),
    pushUnknown: (_text, start, end, to) => to.push(unknown, start, end),
    fuseUnknown,
    merges: true,
    bad: (what) => new Error(what),
  });
}

function encoded(model: PieceModel, text: string, keepsRanges: boolean): { ids: number[]; texts: string[] } {
  const buffer = new Utf8Buffer().fill(text);
  const list = new TokenList();
  list.keepsRanges = keepsRanges;
  model.encode(buffer, 0, buffer.length, list);
  const ids = [...list.ids.subarray(0, list.length)];
  if (!keepsRanges) return { ids, texts: [] };
  return { ids, texts: ids.map((_, at) => new TextDecoder().decode(buffer.bytes.subarray(list.starts[at], list.ends[at]))) };
}

describe.each([true, false])("neighbouring unknown characters become one token: %s", (fuseUnknown) => {
  it("gives the tokens of the definition", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }), (seed, characters) => {
        const pieces = randomPieces(seed);
        const text = characters.join("");
        const model = modelOf(pieces, fuseUnknown);
        const expected = slowly(pieces, text, fuseUnknown);
        expect(encoded(model, text, false).ids).toEqual(expected);
        expect(encoded(model, text, false).ids).toEqual(expected);
        const { ids, texts } = encoded(model, text, true);
        expect(ids).toEqual(expected);
        expect(texts.join("")).toBe(text);
      }),
      { numRuns: 400 },
    );
  });
});

/** What the merges of a trace, made in turn, leave. */
function traced(model: PieceModel, text: string): number[] {
  const buffer = new Utf8Buffer().fill(text);
  const search = model.trace(buffer, 0, buffer.length);
  if (search.by !== "merges") throw new Error(search.by);
  const ids = search.symbols.map(({ id }) => Number(id ?? unknown));
  for (const { at, result } of search.merges) ids.splice(at, 2, result);
  return ids;
}

describe("a long text, which is merged window by window, has the tokens of a trace, which merges all of it at once", () => {
  it("with random pieces", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const letters = [..."abc"];
      const drawn = (length: number) => Array.from({ length }, () => letters[Math.floor(random() * 3)]).join("");
      const texts = new Set([
        "<unk>",
        ...letters,
        ...letters.flatMap((a) => letters.map((b) => a + b)),
        ...Array.from({ length: 200 }, () => drawn(2 + Math.floor(random() * 9))),
      ]);
      const pieces = [...texts].map((text): Piece => ({ text, score: -Math.floor(random() * 100), type: random() < 0.97 ? NORMAL : USER_DEFINED }));
      const model = modelOf(pieces, true);
      const text = seed % 2 === 0 ? drawn(9000) : drawn(3).repeat(3000);
      expect(encoded(model, text, false).ids).toEqual(traced(model, text));
      expect(encoded(model, text, true).texts.join("")).toBe(text);
    }
  });

  it("also where the last character decides about the first", () => {
    for (const length of [5000, 5001]) {
      const characters = Array.from({ length }, (_, at) => String.fromCodePoint(0x4e00 + at));
      const pairs = characters.slice(1).map((character, at) => ({ text: (characters[at] as string) + character, score: at, type: NORMAL }));
      const model = modelOf(
        [{ text: "<unk>", score: 0, type: NORMAL }, ...characters.map((text) => ({ text, score: -1, type: NORMAL })), ...pairs],
        true,
      );
      const { ids, texts } = encoded(model, characters.join(""), true);
      expect(ids).toEqual(traced(model, characters.join("")));
      expect(texts[0]).toHaveLength(length % 2 === 0 ? 2 : 1);
    }
  });
});
