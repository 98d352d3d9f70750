import { bytesTokenizer, charactersTokenizer } from "@cutaway/tokenizer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzz, oddTexts } from "./corpora.ts";

const texts = [...oddTexts, ...fuzz(300, 2)];
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, "\ufffd");

test("bytes are those of UTF-8, characters code points", () => {
  expect([...bytesTokenizer().encode("é😀")]).toEqual([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]);
  expect([...charactersTokenizer().encode("é😀\ud800")]).toEqual([0xe9, 0x1f600, 0xfffd]);
  expect(
    bytesTokenizer()
      .encodeWithSpans("é😀")
      .map(({ span }) => [span.start, span.end]),
  ).toEqual([
    [0, 1],
    [0, 1],
    [1, 3],
    [1, 3],
    [1, 3],
    [1, 3],
  ]);
  expect(charactersTokenizer().encodeWithOffsets("é😀!", { unit: "utf8" })).toEqual({
    ids: Uint32Array.of(0xe9, 0x1f600, 0x21),
    starts: Uint32Array.of(0, 2, 6),
    ends: Uint32Array.of(2, 6, 7),
  });
});

describe.each([
  ["bytes", bytesTokenizer()],
  ["characters", charactersTokenizer()],
])("%s", (_, tokenizer) => {
  test("ids, counts, offsets, trace and text agree", () => {
    for (const text of texts) {
      const ids = tokenizer.encode(text);
      expect(tokenizer.decode(ids)).toBe(wellFormed(text));
      expect(tokenizer.count(text)).toBe(ids.length);
      expect(tokenizer.countWithinLimit(text, ids.length)).toBe(ids.length);
      expect(tokenizer.countWithinLimit(text, ids.length - 1)).toBeUndefined();
      expect(tokenizer.trace(text).ids).toEqual(ids);
      const { starts, ends } = tokenizer.encodeWithOffsets(text);
      expect(tokenizer.encodeWithSpans(text).map(({ id, span }) => [id, span.start, span.end])).toEqual(
        Array.from(ids, (id, i) => [id, starts[i], ends[i]]),
      );
    }
  });

  test("every id has a kind and bytes, or is none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -5, max: 0x11_0005 }), fc.double()), (id) => {
        const bytes = tokenizer.bytesOf(id);
        expect(tokenizer.kindOf(id) === undefined).toBe(bytes === undefined);
        if (bytes) expect(tokenizer.decodeBytes([id])).toEqual(bytes);
        else expect(() => tokenizer.decode([id])).toThrow(expect.objectContaining({ code: "unknown-token-id" }));
      }),
    );
    expect(() => tokenizer.encode("x", { allowedSpecial: ["<s>"] })).toThrow(expect.objectContaining({ code: "unknown-special-token" }));
  });
});
