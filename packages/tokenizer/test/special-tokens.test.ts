import { isCutawayError } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";

const text = "user said: <|endoftext|> and <|endofprompt|>";

function errorOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (isCutawayError(error)) return { code: error.code, kind: error.kind, message: error.message, fix: error.fix, data: error.data };
    throw error;
  }
  return undefined;
}

test("a special token in plain text is refused by name and place, with the ways out", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  for (const action of [
    () => tokenizer.encode(text),
    () => tokenizer.count(text),
    () => tokenizer.encodeWithSpans(text),
    () => tokenizer.encode(text, { allowedSpecial: [] }),
  ]) {
    expect(errorOf(action)).toEqual({
      code: "special-token-in-text",
      kind: "usage",
      message: '"<|endoftext|>" at character 11 is a special token of o200k_base',
      fix: 'Pass allowedSpecial: ["<|endoftext|>"] to encode it as one, or disallowedSpecial: "as-text" to treat it as plain text.',
      data: { token: "<|endoftext|>", id: 199999, at: 11, tokenizer: "o200k_base" },
    });
  }
});

test("one allowed token does not allow another", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const error = errorOf(() => tokenizer.encode(text, { allowedSpecial: ["<|endoftext|>"] }));
  expect(error?.data).toMatchObject({ token: "<|endofprompt|>", at: 29 });
});

test("a refused text leaves nothing behind in the next result", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const before = tokenizer.encode("Hello");
  expect(errorOf(() => tokenizer.encode(text))?.code).toBe("special-token-in-text");
  expect(tokenizer.encode("Hello")).toEqual(before);
});

test("allowed tokens are themselves, the others plain text if asked", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  const [end, prompt] = [199999, 200018];
  expect([...tokenizer.encode(text, { allowedSpecial: "all" })].filter((id) => id >= end)).toEqual([end, prompt]);
  const mixed = tokenizer.encode(text, { allowedSpecial: ["<|endofprompt|>"], disallowedSpecial: "as-text" });
  expect([...mixed].filter((id) => id >= end)).toEqual([prompt]);
  expect(tokenizer.decode(mixed)).toBe(text);
  expect(tokenizer.count(text, { disallowedSpecial: "as-text" })).toBe(tokenizer.encode(text, { disallowedSpecial: "as-text" }).length);
});

test("plain text around a special token merges across it as if it were any other text", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  // 8817 is ` "<`: an engine that cuts at the special token first gives 392 (` "`) and 27 (`<`) there.
  expect([...tokenizer.encode('x = "<|endoftext|>";', { disallowedSpecial: "as-text" })].slice(0, 4)).toEqual([87, 314, 8817, 91]);
});

test("allowing what is not a special token is a mistake", async () => {
  const tokenizer = await loadTokenizer("cl100k_base");
  expect(errorOf(() => tokenizer.encode("x", { allowedSpecial: ["<|im_start|>"] }))).toMatchObject({
    code: "unknown-special-token",
    message: 'allowedSpecial: "<|im_start|>" is not a special token of cl100k_base',
    fix: "Its special tokens are <|endoftext|>, <|fim_prefix|>, <|fim_middle|>, <|fim_suffix|>, <|endofprompt|>.",
  });
});

test("of a tokenizer.json, added tokens that are not special are found in any text", () => {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const tokenizer = fromTokenizerJson(
    {
      model: { type: "BPE", vocab: { a: 0, b: 1 }, merges: [] },
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: false },
      added_tokens: [
        { id: 2, content: "ab", special: false, ...flags },
        { id: 3, content: "aba", special: true, ...flags },
      ],
    },
    "tiny",
  );
  expect([...tokenizer.encode("abb")]).toEqual([2, 1]);
  expect([...tokenizer.encode("aba", { allowedSpecial: "all" })]).toEqual([3]);
  expect(errorOf(() => tokenizer.encode("b aba"))?.data).toMatchObject({ token: "aba", at: 2 });
});
