import { fromTiktokenRanks, streamDecoder } from "@cutaway/tokenizer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenizerOf } from "./chat-golden.ts";

/** Every byte a token of its own. */
const bytes = fromTiktokenRanks({
  name: "bytes",
  ranks: new TextEncoder().encode(Array.from({ length: 256 }, (_, byte) => `${btoa(String.fromCharCode(byte))} ${byte}`).join("\n")),
  pattern: "[\\s\\S]+",
  specialTokens: {},
});

test("whatever the text and the vocabulary, the pieces join to what decode gives, and none ends inside a character", () => {
  for (const tokenizer of [bytes, tokenizerOf("smollm2")]) {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const decoder = streamDecoder(tokenizer);
        const pieces = [...tokenizer.encode(text, { disallowedSpecial: "as-text" })].map((id) => decoder.push(id));
        expect([pieces.join(""), decoder.end()]).toEqual([text, ""]);
      }),
    );
  }
});

test("broken bytes become U+FFFD as in decode, and an unknown id is nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (ids) => {
      const decoder = streamDecoder(bytes);
      const text = [...ids].map((id) => decoder.push(id)).join("") + decoder.end();
      expect(text).toBe(bytes.decode(ids));
    }),
  );
  const decoder = streamDecoder(bytes);
  expect([0xe2, 0x82, 9999, 0xac, 0xe2].map((id) => decoder.push(id))).toEqual(["", "", "", "€", ""]);
  expect(decoder.end()).toBe("\ufffd");
});
