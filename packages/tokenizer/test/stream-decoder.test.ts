import { fromTiktokenRanks, fromTokenizerJson, streamDecoder } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
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

test.each([["bert-base-uncased"], ["characters"], ["bytes"], ["o200k_base"]])(
  "%s: the pieces join to what decode gives, spaces between words included",
  async (name) => {
    const tokenizer = await loadTokenizer(name);
    fc.assert(
      fc.property(fc.array(fc.constantFrom("Hello", " world", "naïve", "文字", " 👍🏽", " it's", "\n", " unbelievable", ".")), (parts) => {
        const ids = tokenizer.encode(parts.join(""));
        const decoder = streamDecoder(tokenizer);
        expect([...ids].map((id) => decoder.push(id)).join("") + decoder.end()).toBe(tokenizer.decode(ids));
      }),
    );
  },
);

const spiece = fromTokenizerJson(
  {
    model: {
      type: "BPE",
      byte_fallback: true,
      unk_token: "<unk>",
      vocab: Object.fromEntries(
        [
          "<unk>",
          ...Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`),
          "▁",
          "a",
          "b",
          "▁a",
          "▁ab",
        ].map((token, id) => [token, id]),
      ),
      merges: ["▁ a", "▁a b"],
    },
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    pre_tokenizer: null,
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    added_tokens: [],
  },
  "spiece",
);

test("byte fallback: no piece ends inside a character, and the space put before the text is gone", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "文", "👍", "\ufffd") }), (text) => {
      const ids = spiece.encode(text);
      const decoder = streamDecoder(spiece);
      const pieces = [...ids].map((id) => decoder.push(id));
      expect(pieces.join("") + decoder.end()).toBe(spiece.decode(ids));
      if (!text.includes("\ufffd")) expect(pieces.join("")).not.toContain("\ufffd");
    }),
  );
});
