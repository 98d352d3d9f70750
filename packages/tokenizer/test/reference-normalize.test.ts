import { expect, test } from "vitest";
import { referenceNormalize } from "../src/json/reference-normalize.ts";

/** Of tokenizers 0.23.3: `normalizers.NFC().normalize_str(text)` and so on. */
test("characters added to Unicode after version 9 are left alone, and keep those beside them apart", () => {
  for (const form of ["NFC", "NFD", "NFKC", "NFKD"] as const) {
    for (const text of ["\u08d7\u08cf", "\u0301\u1dfa\u0316", "\u{105d2}\u0307", "\u{11935}\u{11930}", "\u32ff", "\u{1e030}", "e\u0897\u0301"]) {
      expect(referenceNormalize(text, form)).toBe(text);
    }
  }
});

test("everything else is as in every version", () => {
  expect(referenceNormalize("e\u0301\u32ffe\u0301", "NFC")).toBe("é\u32ffé");
  expect(referenceNormalize("é\u32ff㌀", "NFKD")).toBe("e\u0301\u32ffアハ\u309aート");
});
