import type { Span, TokenId, Tokenizer, TokenSearch, TokenTrace, TraceStretch } from "@cutaway/core";
import { describe, expect, it } from "vitest";
import { renderPiece, renderTrace } from "../src/render/trace.ts";
import { tracePieces } from "../src/render/trace-pieces.ts";
import { paint } from "../src/terminal/paint.ts";
import { lineWidth } from "../src/terminal/width.ts";

const id = (value: number) => value as TokenId;
const bytes = (text: string) => new TextEncoder().encode(text);

/** What the renderer asks of a tokenizer: the bytes of the tokens that merges make. */
const tokenizerOf = (texts: Record<number, string>): Tokenizer =>
  ({
    name: "made up",
    family: "byte-level-bpe",
    bytesOf: (token: number) => (texts[token] === undefined ? undefined : bytes(texts[token])),
  }) as Partial<Tokenizer> as Tokenizer;

function pieceOf(text: string, start: number, tokens: [number, string][], found: TokenSearch) {
  const span: Span = { start, end: start + text.length };
  return { text, span, tokens: tokens.map(([token, part]) => ({ id: id(token), bytes: bytes(part), span })), found };
}

function traceOf(text: string, stretches: TraceStretch[], added: TokenTrace["added"] = { before: [], after: [] }): TokenTrace {
  const ids = stretches.flatMap((stretch) =>
    stretch.kind === "text" ? stretch.pieces.flatMap(({ tokens }) => tokens.map((token) => token.id)) : [stretch.id],
  );
  return { text, stretches, added, ids: Uint32Array.from([...added.before, ...ids, ...added.after]) };
}

const text = (pieces: ReturnType<typeof pieceOf>[], normalizations: { step: string; text: string }[] = []): TraceStretch => ({
  kind: "text",
  span: { start: 0, end: pieces.at(-1)?.span.end ?? 0 },
  normalizations,
  pieces,
});

const shown = (trace: TokenTrace, tokenizer: Tokenizer, width = 80, full = false) => {
  const lines = renderTrace(trace, tracePieces(trace), tokenizer, { width, colour: false, full });
  for (const line of lines) expect(lineWidth(line), paint(line, false)).toBeLessThanOrEqual(width);
  return lines.map((line) => paint(line, false)).join("\n");
};

describe("a trace", () => {
  it("of merges shows each with its rank, and the piece after it", () => {
    const merges: TokenSearch = {
      by: "merges",
      symbols: ["l", "o", "w"].map((letter, at) => ({ id: id(at), bytes: bytes(letter) })),
      merges: [
        { rank: 7, at: 0, left: id(0), right: id(1), result: id(10) },
        { rank: 1205, at: 0, left: id(10), right: id(2), result: id(11) },
      ],
    };
    const trace = traceOf("low", [text([pieceOf("low", 0, [[11, "low"]], merges)])]);
    expect(shown(trace, tokenizerOf({ 10: "lo", 11: "low" }))).toMatchInlineSnapshot(`
      "text      low

      #  piece  found     tokens
      0  low    2 merges  low 11

      piece 0  low  characters 0–3
            rank  symbols
                  l|o|w
        1      7  [lo]|w 10
        2  1,205  [low] 11
        gives low 11"
    `);
  });

  it("of a lattice shows what competed, with scores, and the best path", () => {
    const node = (start: number, end: number, token: number | undefined, part: string, score: number, best: boolean) => ({
      start,
      end,
      text: part,
      score,
      best,
      ...(token !== undefined && { id: id(token) }),
    });
    const lattice: TokenSearch = {
      by: "lattice",
      nodes: [node(0, 2, 5, "▁a", -2.5, true), node(0, 1, 6, "▁", -3, false), node(1, 2, 7, "a", -4, false), node(2, 3, undefined, "☃", -12, true)],
      score: -14.5,
    };
    const trace = traceOf("a☃", [
      text(
        [
          pieceOf(
            "▁a☃",
            0,
            [
              [5, " a"],
              [0, "☃"],
            ],
            lattice,
          ),
        ],
        [{ step: "charsmap", text: "▁a☃" }],
      ),
    ]);
    const page = shown(trace, tokenizerOf({}));
    expect(page).toMatchInlineSnapshot(`
      "text      a☃
      becomes   ▁a☃  charsmap

      #  piece  found         tokens
      0  ▁a☃    4 candidates  ·a 5|☃ 0

      piece 0  ▁a☃  characters 0–3
           place  token       id     score
        ✓  0–2    ▁a           5   -2.5000
           0–1    ▁            6   -3.0000
           1–2    a            7   -4.0000
        ✓  2–3    ☃      unknown  -12.0000
        best    -2.5000 + -12.0000 = -14.5000
        gives ·a 5|☃ 0"
    `);
  });

  it("of longest matches shows each, and where nothing matched", () => {
    const found: TokenSearch = {
      by: "longest-match",
      matches: [
        { start: 0, end: 2, text: "un", id: id(4) },
        { start: 2, end: 6, text: "##able", id: id(9) },
      ],
    };
    const lost: TokenSearch = {
      by: "longest-match",
      matches: [
        { start: 0, end: 1, text: "x", id: id(2) },
        { start: 1, end: 2, text: "☃" },
      ],
    };
    const trace = traceOf(
      "unable x☃",
      [
        text([
          pieceOf(
            "unable",
            0,
            [
              [4, "un"],
              [9, "##able"],
            ],
            found,
          ),
          pieceOf("x☃", 7, [[100, "[UNK]"]], lost),
        ]),
      ],
      {
        before: [id(101)],
        after: [id(102)],
      },
    );
    expect(shown(trace, tokenizerOf({ 101: "[CLS]", 102: "[SEP]" }))).toMatchInlineSnapshot(`
      "text      unable·x☃
      added     [CLS] 101 before · [SEP] 102 after

      #  piece   found      tokens
      0  unable  2 matches  un 4|##able 9
      1  x☃      2 matches  [UNK] 100

      piece 0  unable  characters 0–6
        0–2     the longest token here is un 4
        2–6     the longest token here is ##able 9
        gives un 4|##able 9

      piece 1  x☃  characters 7–9
        0–1     the longest token here is x 2
        1–2     nothing matches ☃: the whole piece is unknown
        gives [UNK] 100"
    `);
  });

  it("of tables, whole pieces and added tokens says so", () => {
    const trace = traceOf("<s>ab", [
      { kind: "added-token", id: id(1), content: "<s>", special: true, span: { start: 0, end: 3 } },
      text([pieceOf("a", 3, [[97, "a"]], { by: "table" }), pieceOf("b", 4, [[98, "b"]], { by: "whole-piece" })]),
    ]);
    expect(shown(trace, tokenizerOf({}))).toMatchInlineSnapshot(`
      "text      <s>ab

      #  piece  found    tokens
      0  <s>    special  <s> 1
      1  a      table    a 97
      2  b      whole    b 98"
    `);
    const pieces = tracePieces(trace);
    const opened = pieces.map(
      (piece) => renderPiece(piece, tokenizerOf({}), { width: 80, colour: false, full: false }).map((line) => paint(line, false))[1],
    );
    expect(opened).toEqual([
      "  a special token, cut out of the text before all else: 1",
      "  Every character or byte is its own token.",
      "  The whole piece is a token: nothing had to be merged.",
    ]);
  });

  it("of a piece with thousands of merges keeps to the width and to its length, unless all of it is asked for", () => {
    const merges: TokenSearch = {
      by: "merges",
      symbols: Array.from({ length: 3000 }, () => ({ id: id(0), bytes: bytes("a") })),
      merges: Array.from({ length: 1500 }, (_, at) => ({ rank: 3, at, left: id(0), right: id(0), result: id(10) })),
    };
    const trace = traceOf("a".repeat(3000), [
      text([
        pieceOf(
          "a".repeat(3000),
          0,
          Array.from({ length: 1500 }, () => [10, "aa"] as [number, string]),
          merges,
        ),
      ]),
    ]);
    for (const width of [60, 80, 120]) {
      const page = shown(trace, tokenizerOf({ 10: "aa" }), width);
      expect(page).toContain("and 1,440 more merges; --full shows them, --json has them");
      expect(page.split("\n").length).toBeLessThan(80);
    }
    expect(shown(trace, tokenizerOf({ 10: "aa" }), 80, true).split("\n").length).toBeGreaterThan(1500);
  });
});
