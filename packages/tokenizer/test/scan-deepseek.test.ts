import fc from "fast-check";
import { expect, test } from "vitest";
import { Utf8Buffer } from "../src/bpe/utf8-buffer.ts";
import { splitBy, splitterOfChain } from "../src/json/split.ts";
import { translatePattern } from "../src/regex/translate-pattern.ts";
import { deepseekPatterns, scanDeepseek } from "../src/scan/scan-deepseek.ts";
import { code, fuzz, multilingual, oddTexts, prose } from "./corpora.ts";

const byExpressions = splitterOfChain(deepseekPatterns.map((pattern) => splitBy(translatePattern(pattern, "oniguruma"), "Isolated", false)));
const buffer = new Utf8Buffer();

function scanned(text: string): string[] {
  const { bytes, length } = buffer.fill(text);
  const pieces: string[] = [];
  for (let start = 0; start < length; ) {
    const end = scanDeepseek(bytes, start, length);
    pieces.push(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end)));
    start = end;
  }
  return pieces;
}

function split(text: string): string[] {
  const ranges = byExpressions.split(text);
  return Array.from({ length: ranges.length / 2 }, (_, index) => text.slice(ranges[2 * index], ranges[2 * index + 1]));
}

test("the scanner cuts as the three expressions do, one after the other", () => {
  for (const text of [...oddTexts, ...fuzz(3000, 21), prose(5000, 1), code(5000, 2), multilingual(20_000, 3)]) {
    const wellFormed = text.replace(/\p{Surrogate}/gu, "\ufffd");
    expect(scanned(wellFormed)).toEqual(split(wellFormed));
  }
});

test("… whatever stands beside what", () => {
  const units = [..." \t\r\n\u0085\u200b\u0000\u0301a'é中カ・ー々!§€1½٣_\u{20000}😀", "\u0378", "'re", "  "];
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...units), maxLength: 14 }), (text) => {
      expect(scanned(text)).toEqual(split(text));
    }),
    { numRuns: 3000 },
  );
});
