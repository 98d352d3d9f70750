import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { expect, test } from "vitest";

test.each([["o200k_base"], ["cl100k_base"]])("%s: decode(encode(text)) is the text, and count is the number of ids", async (name) => {
  const tokenizer = await loadTokenizer(name);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const ids = tokenizer.encode(text, { disallowedSpecial: "as-text" });
      expect(tokenizer.decode(ids)).toBe(text);
      expect(tokenizer.count(text, { disallowedSpecial: "as-text" })).toBe(ids.length);
    }),
    { numRuns: 500 },
  );
});

test("bytes that are no UTF-8 become U+FFFD, as in TextDecoder; decodeBytes keeps them", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const [first = 0] = tokenizer.encode("𓀀");
  expect(tokenizer.decode([first])).toBe("\ufffd");
  expect([...tokenizer.decodeBytes([first])]).toEqual([0xf0]);
  expect(tokenizer.decode(tokenizer.encode("\ufeffx"))).toBe("\ufeffx");
});

test("a lone surrogate is encoded as U+FFFD", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  expect(tokenizer.encode("a\ud800b")).toEqual(tokenizer.encode("a\ufffdb"));
  expect(tokenizer.encodeWithSpans("\udc00").at(-1)?.span).toEqual({ start: 0, end: 1 });
});

test("an id that is none is refused by value and place", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  for (const id of [200_000, 200_019, -1, 1.5, Number.NaN]) {
    expect(() => tokenizer.decode([1, id])).toThrow(
      expect.objectContaining({ code: "unknown-token-id", message: `decode: ${id} at position 1 is not a token of o200k_base (200019 ids)` }),
    );
    expect(tokenizer.bytesOf(id)).toBeUndefined();
  }
});

test("a result is the caller's own: changing it changes no other", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const ids = tokenizer.encode("Hello");
  const expected = ids.slice();
  tokenizer.bytesOf(expected[0] as number)?.fill(0);
  ids.fill(0);
  expect(tokenizer.encode("Hello")).toEqual(expected);
  expect(tokenizer.decode(expected)).toBe("Hello");
});
