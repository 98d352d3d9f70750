import fc from "fast-check";
import { expect, test } from "vitest";
import { columnsOf, graphemesOf } from "../src/strip/columns.ts";
import { layoutStrip, lineOf, tokenAt, tokenBeside } from "../src/strip/layout.ts";

const shownToken = fc.oneof(
  fc.stringMatching(/^ ?[a-z]{1,12}$/),
  fc.constantFrom("↵\n", "↵\n↵\n", "", " 東京", "🙂", "👩‍💻", "é", "‹E2 82›", "a↵\nb", "x".repeat(70)),
);
const tokens = fc.array(shownToken, { maxLength: 80 });
const columns = fc.integer({ min: 8, max: 60 });

/** The same lines, set grapheme by grapheme. */
function slowLines(shown: readonly string[], wide: number): string[] {
  const lines: string[] = [""];
  let column = 0;
  const next = () => {
    lines.push("");
    column = 0;
  };
  for (const text of shown) {
    for (const [i, part] of text.split("\n").entries()) {
      if (i > 0) next();
      const width = columnsOf(part);
      if (column + width > wide && column > 0 && width <= wide) next();
      for (const grapheme of graphemesOf(part)) {
        if (column + grapheme.columns > wide) next();
        lines[lines.length - 1] += grapheme.text;
        column += grapheme.columns;
      }
    }
  }
  return lines;
}

test("lines are those of the slow way, and no piece leaves its line", () => {
  fc.assert(
    fc.property(tokens, columns, (shown, wide) => {
      const layout = layoutStrip(shown, wide);
      const lines = Array.from({ length: layout.lines }, () => "");
      for (let piece = 0; piece < layout.pieces; piece++) {
        const text = (shown[layout.token[piece] as number] as string).slice(layout.from[piece], layout.to[piece]);
        expect((layout.column[piece] as number) + (layout.width[piece] as number)).toBeLessThanOrEqual(wide);
        lines[layout.line[piece] as number] += text;
      }
      const slow = slowLines(shown, wide);
      if (slow.at(-1) === "" && lines.length < slow.length) slow.pop();
      expect(lines).toEqual(slow);
    }),
  );
});

test("every token is found where it stands", () => {
  fc.assert(
    fc.property(tokens, columns, (shown, wide) => {
      const layout = layoutStrip(shown, wide);
      for (let piece = 0; piece < layout.pieces; piece++) {
        if (layout.width[piece] === 0) continue;
        const middle = (layout.column[piece] as number) + (layout.width[piece] as number) / 2;
        expect(tokenAt(layout, layout.line[piece] as number, middle)).toBe(layout.token[piece]);
      }
    }),
  );
});

test("lines and tokens index their pieces without a gap", () => {
  fc.assert(
    fc.property(tokens, columns, (shown, wide) => {
      const layout = layoutStrip(shown, wide);
      expect(layout.lineStart[0]).toBe(0);
      expect(layout.lineStart[layout.lines]).toBe(layout.pieces);
      expect(layout.tokenPiece[shown.length]).toBe(layout.pieces);
      for (let token = 0; token < shown.length; token++) {
        expect(layout.tokenPiece[token + 1]).toBeGreaterThan(layout.tokenPiece[token] as number);
        expect(layout.token[layout.tokenPiece[token] as number]).toBe(token);
      }
    }),
  );
});

test("walking up and down goes to the neighbouring line and stops at the edges", () => {
  const layout = layoutStrip(["one", " two", "↵\n", "three", " four", "↵\n", "five"], 40);
  expect([0, 1, 2, 3, 6].map((token) => lineOf(layout, token))).toEqual([0, 0, 0, 1, 2]);
  expect(tokenBeside(layout, 1, 1)).toBe(4);
  expect(tokenBeside(layout, 4, -1)).toBe(2);
  expect(tokenBeside(layout, 4, 1)).toBe(6);
  expect(tokenBeside(layout, 6, 1)).toBe(6);
  expect(tokenBeside(layout, 0, -1)).toBe(0);
});

test("a token wider than a line breaks; a wide character is never cut", () => {
  const layout = layoutStrip(["東京東京東"], 9);
  expect([...layout.width]).toContain(8);
  expect(layout.lines).toBe(2);
  expect(columnsOf("👩‍💻")).toBe(2);
  expect(columnsOf("é".normalize("NFD"))).toBe(1);
});

test("nothing to show is one empty line at most", () => {
  expect(layoutStrip([], 80).pieces).toBe(0);
  expect(layoutStrip(["↵\n"], 80).lines).toBe(1);
});
