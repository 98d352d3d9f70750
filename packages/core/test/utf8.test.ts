import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "../src/index.ts";

const texts = fc.oneof(fc.string(), fc.string({ unit: "binary", maxLength: 80 }), fc.constantFrom("\ud800", "\ufeffa", "é".repeat(40)));
const byteStrings = fc.oneof(fc.uint8Array({ max: 127 }), fc.uint8Array({ maxLength: 80 }));

test("encodes as TextEncoder does", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(encodeUtf8(text)).toEqual(new TextEncoder().encode(text));
    }),
  );
});

test("decodes as TextDecoder does, invalid bytes included", () => {
  const reference = new TextDecoder("utf-8", { ignoreBOM: true });
  fc.assert(
    fc.property(byteStrings, (bytes) => {
      expect(decodeUtf8(bytes)).toBe(reference.decode(bytes));
    }),
  );
});
