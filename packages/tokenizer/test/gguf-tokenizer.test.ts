import { readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { fromGguf, fromTokenizerJson, ggufSpecials } from "@cutaway/tokenizer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzz } from "./corpora.ts";
import { ggufMetadata, type VocabularyFixture } from "./gguf-metadata.ts";

const fixture = (name: string) => JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8"));

/** Made by tools/golden/gguf-tokenizer.py with Hugging Face's tokenizers. */
const golden: VocabularyFixture & {
  texts: string[];
  families: { pre: string; ids: string[] }[];
  withoutBytes: { missing: string[]; pre: string; ids: string[] };
} = fixture("gguf-tokenizer.json");

/** As the references do unless told otherwise. */
const all = { allowedSpecial: "all" } as const;

describe.each(golden.families)("$pre", ({ pre, ids }) => {
  const tokenizer = fromGguf(ggufMetadata(pre, golden), `${pre}.gguf`);

  test("ids are those of Hugging Face", () => {
    expect(golden.texts.map((text) => tokenizer.encode(text, all).join(" "))).toEqual(ids);
  });

  test("counts and spans agree with them", () => {
    expect(golden.texts.map((text) => tokenizer.count(text, all))).toEqual(ids.map((list) => (list === "" ? 0 : list.split(" ").length)));
    expect(
      golden.texts.map((text) =>
        tokenizer
          .encodeWithSpans(text, all)
          .map(({ id }) => id)
          .join(" "),
      ),
    ).toEqual(ids);
  });
});

test("bytes that the vocabulary lacks leave no trace, as in both references", () => {
  const { missing, pre, ids } = golden.withoutBytes;
  const tokenizer = fromGguf(ggufMetadata(pre, { ...golden, added: [] }, missing), "holes.gguf");
  expect(golden.texts.map((text) => tokenizer.encode(text, all).join(" "))).toEqual(ids);
});

test("the same ids as the tokenizer.json with the same vocabulary, on random texts and halves of surrogate pairs", () => {
  const ours = fromGguf(ggufMetadata("smollm", golden), "smollm.gguf");
  const digits = { type: "Digits", individual_digits: true };
  const words = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const theirs = fromTokenizerJson(
    {
      model: { type: "BPE", ...golden.model },
      pre_tokenizer: { type: "Sequence", pretokenizers: [digits, words] },
      added_tokens: golden.added.map((token) => ({ ...token, ...flags })),
    },
    "smollm.json",
  );
  for (const text of [...fuzz(3000, 5), "\ud83d", "a\ude001 2\ud800", "12\udc00  3"]) {
    expect([text, ...ours.encode(text, all)]).toEqual([text, ...theirs.encode(text, all)]);
  }
});

test("what is encoded is decoded, byte for byte", () => {
  const tokenizer = fromGguf(ggufMetadata("smollm", golden), "smollm.gguf");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text, all))).toBe(text);
    }),
  );
});

describe("kinds of tokens", () => {
  const metadata = (patch: Record<string, GgufValue>) => {
    const base: Record<string, GgufValue> = {
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": ["a", "b", "ab", "Ġ", "<ctl>", "<usr>", "[PAD6]", "<0xE2>", "<unk>", "<|im_end|>", "é€"],
      "tokenizer.ggml.token_type": new Int32Array([1, 1, 1, 1, 3, 4, 5, 6, 2, 1, 1]),
      "tokenizer.ggml.merges": ["a b"],
    };
    return new Map(Object.entries({ ...base, ...patch }));
  };

  test("control and unknown tokens are special, user-defined ones are found everywhere, unused ones nowhere", () => {
    const tokenizer = fromGguf(metadata({}), "x");
    expect([...tokenizer.specialTokens]).toEqual([
      ["<ctl>", 4],
      ["<unk>", 8],
      ["<|im_end|>", 9],
    ]);
    expect([...tokenizer.encode("ab<usr>ab")]).toEqual([2, 5, 2]);
    expect([...tokenizer.encode("a<ctl>b", { allowedSpecial: "all" })]).toEqual([0, 4, 1]);
    expect([...tokenizer.encode("a<ctl>b[PAD6]", { disallowedSpecial: "as-text" })]).toEqual([0, 1]);
    expect(() => tokenizer.encode("a<ctl>b")).toThrow('"<ctl>" at character 1 is a special token of x');
  });

  test("every token has its bytes, also those that no text becomes", () => {
    const tokenizer = fromGguf(metadata({}), "x");
    const text = (id: number) => new TextDecoder().decode(tokenizer.bytesOf(id));
    expect([2, 3, 4, 5, 6, 10].map(text)).toEqual(["ab", " ", "<ctl>", "<usr>", "[PAD6]", "é€"]);
    expect([...(tokenizer.bytesOf(7) ?? [])]).toEqual([0xe2]);
    expect([tokenizer.vocabSize, tokenizer.bytesOf(11)]).toEqual([11, undefined]);
  });

  test("BOS and ends, as the file names them and as their texts tell", () => {
    const specials = (patch: Record<string, GgufValue>) => ggufSpecials(metadata(patch), "x");
    expect(specials({})).toEqual({ ends: [{ id: 9, text: "<|im_end|>" }], addBos: false });
    const named = { "tokenizer.ggml.bos_token_id": 4, "tokenizer.ggml.eos_token_id": 8 };
    const both = [
      { id: 8, text: "<unk>" },
      { id: 9, text: "<|im_end|>" },
    ];
    expect(specials(named)).toEqual({ bos: { id: 4, text: "<ctl>" }, ends: both, addBos: false });
    expect(specials({ ...named, "tokenizer.ggml.add_bos_token": true }).addBos).toBe(true);
    expect(specials({ ...named, "tokenizer.ggml.pre": "llama-bpe" }).addBos).toBe(true);
    expect(specials({ ...named, "tokenizer.ggml.pre": "llama-bpe", "tokenizer.ggml.add_bos_token": false }).addBos).toBe(false);
    expect(specials({ "tokenizer.ggml.pre": "llama-bpe", "tokenizer.ggml.add_bos_token": true }).addBos).toBe(false);
    expect(specials({ "tokenizer.ggml.bos_token_id": 11 }).bos).toBeUndefined();
  });

  const refusal = (patch: Record<string, GgufValue | undefined>) => {
    const values = metadata({});
    for (const [key, value] of Object.entries(patch)) value === undefined ? values.delete(key) : values.set(key, value);
    try {
      fromGguf(values, "x.gguf");
    } catch (error) {
      if (isCutawayError(error)) return `${error.code}: ${error.message}`;
      throw error;
    }
    return "none";
  };
  const key = (name: string) => `tokenizer.ggml.${name}`;

  test.each<[Record<string, GgufValue | undefined>, string]>([
    [{ [key("model")]: "bert" }, "bad-vocabulary: x.gguf is not a usable list of WordPiece tokens: there is no [UNK] in it"],
    [{ [key("model")]: "constructor" }, 'unsupported-tokenizer: x.gguf has a tokenizer of the family "constructor"'],
    [{ [key("model")]: undefined }, "unsupported-tokenizer: x.gguf has no tokenizer in it (tokenizer.ggml.model)"],
    [{ [key("pre")]: "kimi-k2" }, 'unsupported-tokenizer: x.gguf has the pre-tokenizer "kimi-k2" (tokenizer.ggml.pre), which is not known here'],
    [{ [key("pre")]: 3 }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.pre is not a string"],
    [{ [key("tokens")]: undefined }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.tokens is missing"],
    [{ [key("tokens")]: [] }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.tokens has 0 tokens"],
    [{ [key("tokens")]: new Uint8Array(3) }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.tokens is not a list of strings"],
    [{ [key("token_type")]: new Int32Array(3) }, "bad-tokenizer: x.gguf holds no usable tokenizer: there are 11 tokens and 3 token types"],
    [{ [key("token_type")]: ["a"] }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.token_type is not a list of 32-bit integers"],
    [{ [key("merges")]: undefined }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.merges is missing"],
    [{ [key("merges")]: ["ab"] }, "bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.merges[0] is not a pair of tokens"],
    [
      { [key("merges")]: ["a b", "ab b"] },
      'bad-tokenizer: x.gguf holds no usable tokenizer: tokenizer.ggml.merges[1] merges ["ab","b"], of which a part or the result is not a token',
    ],
    [
      { [key("tokens")]: ["a", "b", "ab", "a"], [key("token_type")]: undefined },
      'bad-tokenizer: x.gguf holds no usable tokenizer: the token "a" occurs twice, the second time as 3',
    ],
    [
      { [key("tokens")]: ["a", "b", "ab", "<x>", "<x>"], [key("token_type")]: new Int32Array([1, 1, 1, 3, 3]) },
      'bad-tokenizer: x.gguf holds no usable tokenizer: the token "<x>" occurs twice, the second time as 4',
    ],
    [
      { [key("tokens")]: ["a", "b", "ab", "x".repeat(1025)], [key("token_type")]: new Int32Array([1, 1, 1, 3]) },
      "bad-tokenizer: x.gguf holds no usable tokenizer: token 3 is special and longer than 1024 characters",
    ],
  ])("%j is refused by name", (patch, says) => {
    expect(refusal(patch)).toBe(says);
  });
});

test("WordPiece: ▁ marks what starts a word, and the rest continues one", () => {
  const values = new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "bert"],
    ["tokenizer.ggml.tokens", ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁play", "ing", "▁,", "▁ing"]],
    ["tokenizer.ggml.token_type", Int32Array.of(3, 2, 3, 3, 1, 1, 1, 1)],
  ]);
  const tokenizer = fromGguf(values, "bert.gguf");
  expect([tokenizer.family, tokenizer.unknownId]).toEqual(["wordpiece", 1]);
  expect([...tokenizer.encode("Playing, ing PLAY\u0301x", { addSpecialTokens: true })]).toEqual([2, 4, 5, 6, 7, 1, 3]);
  expect(tokenizer.decode([4, 5, 6, 7])).toBe("playing, ing");
});
