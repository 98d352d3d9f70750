import fc from "fast-check";
import { expect, test } from "vitest";
import { findMojibake, repairMojibake } from "../src/index.ts";

/** UTF-8 read in another encoding: how the fault comes about. */
const garble = (text: string, as: "windows-1252" | "latin1") => {
  const bytes = new TextEncoder().encode(text);
  return as === "latin1" ? String.fromCharCode(...bytes) : new TextDecoder("windows-1252").decode(bytes);
};

/** Words as they come; a lone Cyrillic or Chinese letter can garble into what somebody may have written. */
const word = fc
  .array(fc.constantFrom("abc", "é", "über", "ñ", "çà", "Åse", "ø", "ß", "“so”", "€5", "1–2", "日本語", "Привет", "👋🌍", "'", "\n"), {
    minLength: 1,
    maxLength: 8,
  })
  .map((words) => words.join(" "));

test.each(["windows-1252", "latin1"] as const)("mends what was garbled by %s, once and twice", (as) => {
  fc.assert(
    fc.property(word, (text) => {
      const three = `${text} é’ü ${text}`;
      expect(repairMojibake(garble(three, as))).toBe(three);
      expect(repairMojibake(garble(garble(three, as), as))).toBe(three);
    }),
  );
});

test("says what stands there, what was meant, how it was read and how often", () => {
  expect(findMojibake("Le cafÃ©")).toEqual([{ span: { start: 6, end: 8 }, garbled: "Ã©", original: "é", readAs: "Windows-1252", times: 1 }]);
  expect(findMojibake(garble("it’s", "latin1"))).toMatchObject([{ original: "’", readAs: "Latin-1" }]);
  expect(findMojibake(garble(garble("é", "windows-1252"), "windows-1252"))).toMatchObject([{ original: "é", times: 2 }]);
});

test("leaves alone what people write", () => {
  for (const text of [
    "São Tomé, NÃO, AÑO",
    "»CAFÉ« »FÅ«",
    "Ærøskøbing, Þór, Ísland",
    "Î» Â ¿Qué?",
    "25 Â",
    "naïve",
    "« café », « thé »",
    "“canapé…” ‘voilà…’",
    "Où\u00a0? Là\u00a0»",
    "日本語",
    "👋🌍",
    "±5° × 3",
  ]) {
    expect(findMojibake(text)).toEqual([]);
    expect(repairMojibake(text)).toBe(text);
  }
});

test("any text: spans lie in order inside it, and clean text stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      let last = 0;
      for (const { span, garbled } of findMojibake(text)) {
        expect(span.start).toBeGreaterThanOrEqual(last);
        expect(text.slice(span.start, span.end)).toBe(garbled);
        last = span.end;
      }
    }),
  );
});
