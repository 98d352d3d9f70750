import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { bar, sparkline } from "../src/terminal/bars.ts";
import { visible } from "../src/terminal/escape.ts";
import { line, piece } from "../src/terminal/line.ts";
import { paint } from "../src/terminal/paint.ts";
import { table } from "../src/terminal/table.ts";
import { elide, fitEnd, fitStart, graphemes, lineWidth, widthOf } from "../src/terminal/width.ts";
import { wrap } from "../src/terminal/wrap.ts";
import { anyText, controlsOf } from "./any-text.ts";

describe("visible", () => {
  it("names what would act on a terminal or hide", () => {
    expect(visible("a\x1b[31mb\x07\r\n\tc\x7f\x9b")).toBe("a␛[31mb␇␍⏎⇥c␡\\x9b");
    expect(visible("\u202egnp.exe")).toBe("\\u{202e}gnp.exe");
    expect(visible("hid\u{e0068}\u{e0069}den\u200b")).toBe("hid\\u{e0068}\\u{e0069}den\\u{200b}");
    expect(visible("\ud800x")).toBe("\ufffdx");
  });

  it("leaves what people write alone", () => {
    for (const text of ["naïve café", "数据 데이터", "👩‍👩‍👧 👍🏽", "العربية", "e\u0301"]) expect(visible(text)).toBe(text);
  });
});

describe("paint", () => {
  it("lets no control character of any text through, in colour or without", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("mark", "dim", "problem", undefined), (text, style) => {
        const painted = line(piece(text, style), text);
        expect(controlsOf(paint(painted, false))).toEqual([]);
        expect(controlsOf(paint(painted, true).replace(/\x1b\[[\d;]+m/g, ""))).toEqual([]);
      }),
    );
  });

  it("gives the same text with and without colour", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(paint(line(piece(text, "mark")), true).replace(/\x1b\[[\d;]+m/g, "")).toBe(paint(line(text), false));
      }),
    );
  });
});

describe("width", () => {
  it("counts columns, not code units", () => {
    expect(widthOf("abc")).toBe(3);
    expect(widthOf("数据")).toBe(4);
    expect(widthOf("👩‍👩‍👧")).toBe(2);
    expect(widthOf("\x1b[31m")).toBe(5);
  });

  it("takes the short way only where it gives the same", () => {
    fc.assert(
      fc.property(anyText, fc.string({ unit: fc.integer({ min: 0x20, max: 0x27ff }).map((code) => String.fromCodePoint(code)) }), (text, narrow) => {
        for (const sample of [text, narrow]) expect(widthOf(sample)).toBe(stringWidth(visible(sample)));
      }),
      { numRuns: 500 },
    );
  });

  it("cuts between characters and never beyond the columns", () => {
    expect(elide("数据数据", 5)).toBe("数据…");
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, columns) => {
        const [start, end] = [fitStart(text, columns), fitEnd(text, columns)];
        expect(text.startsWith(start) && text.endsWith(end)).toBe(true);
        for (const cut of [start, end, elide(text, columns)]) expect(widthOf(cut)).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe("wrap", () => {
  it("breaks at spaces, indents what follows, and drops no character but the spaces at breaks", () => {
    expect(wrap(line("one two three"), 9, 2).map((row) => paint(row, false))).toEqual(["one two", "  three"]);
    expect(wrap(line("x".repeat(20)), 9).map((row) => paint(row, false))).toEqual(["x".repeat(9), "x".repeat(9), "xx"]);
    fc.assert(
      fc.property(anyText, fc.integer({ min: 10, max: 80 }), fc.integer({ min: 0, max: 2 }), (text, columns, indent) => {
        const rows = wrap(line(text), columns, indent);
        for (const row of rows) {
          const characters = graphemes(
            row
              .map((part) => part.text)
              .join("")
              .trimStart(),
          );
          if (characters.length > 1) expect(lineWidth(row)).toBeLessThanOrEqual(Math.max(columns, indent + 8));
        }
        expect(
          rows
            .map((row) => row.map((part) => part.text).join(""))
            .join("")
            .replaceAll(" ", ""),
        ).toBe(text.replaceAll(" ", ""));
      }),
    );
  });
});

describe("table", () => {
  it("aligns by columns, leaves empty columns out and elides the flexible one", () => {
    const rows = table(
      [{ header: "n", align: "right" }, { header: "empty" }, { header: "name", least: 4 }],
      [
        ["1", "", "数据"],
        ["12", "", "a long name that does not fit"],
      ],
      18,
    );
    expect(rows.map((row) => paint(row, false))).toEqual([" n  name", " 1  数据", "12  a long name t…"]);
  });

  it("leaves columns out, in the order they allow, where eliding does not suffice", () => {
    const columns = [
      { header: "a", optional: 2 },
      { header: "b", least: 3 },
      { header: "c", optional: 1 },
    ];
    const at = (width: number) => table(columns, [["aaaa", "bbbbbb", "cccc"]], width).map((row) => paint(row, false));
    expect(at(18)).toEqual(["a     b       c", "aaaa  bbbbbb  cccc"]);
    expect(at(15)).toEqual(["a     b    c", "aaaa  bb…  cccc"]);
    expect(at(12)).toEqual(["a     b", "aaaa  bbbbbb"]);
    expect(at(6)).toEqual(["b", "bbbbbb"]);
  });
});

describe("bars", () => {
  it("are as long as the share, to an eighth, and show whatever is above nothing", () => {
    expect(bar(0.5, 4)).toBe("██  ");
    expect(bar(0, 3)).toBe("   ");
    expect(bar(0.001, 3)).toBe("▏  ");
    expect(bar(1.5, 3)).toBe("███");
    expect(sparkline([0, 1, 2, 4])).toBe(" ▃▅█");
  });
});
