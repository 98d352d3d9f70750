import fc from "fast-check";
import { expect, test } from "vitest";
import { onOneLine, visible, visibleLine, visibleToken } from "../src/format/visible.ts";

test("plain text is as it is", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~äöüßéΩ東京🙂]*$/u), (text) => {
      expect(visible(text)).toBe(text);
    }),
  );
});

test("nothing that hides, moves or reorders text is left in it", () => {
  const hides = /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visible(text)).not.toMatch(hides);
    }),
  );
  expect(visibleLine("a\u202Egnp.exe\u202C\r\n\tb\u0000\u200B")).toBe("a‹RLO›gnp.exe‹PDF›‹CR›↵→\u2003b‹NUL›‹ZWSP›");
  expect(visible("\u{E0041}")).toBe("‹U+E0041›");
});

test("a newline keeps its break, with a glyph before it", () => {
  expect(visible("a\n\nb")).toBe("a↵\n↵\nb");
  expect(onOneLine(visible("a\n\nb"))).toBe("a↵↵b");
});

test("a joined emoji stays one, half of a character shows its bytes", () => {
  expect(visible("👩‍💻")).toBe("👩‍💻");
  expect(visibleToken(Uint8Array.of(0xe2, 0x82))).toBe("‹E2 82›");
  expect(visibleToken(Uint8Array.of(0xe2, 0x82, 0xac))).toBe("€");
  expect(visible("\ud83d")).toBe("‹U+D83D›");
});
