import { isCutawayError, type JsonObject, type JsonValue } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: true };
const model = { type: "BPE", vocab: { a: 0, b: 1, c: 2, ab: 3, abc: 4 }, merges: ["a b", "ab c"] };
const good: JsonObject = { model, pre_tokenizer: byteLevel };
const wordPiece: JsonObject = {
  model: { type: "WordPiece", vocab: { "[UNK]": 0, a: 1, "##b": 2 }, unk_token: "[UNK]" },
  normalizer: { type: "BertNormalizer" },
  pre_tokenizer: { type: "BertPreTokenizer" },
};
const template = (single: JsonValue, ids: JsonValue = [1]): JsonObject => ({
  ...good,
  post_processor: { type: "TemplateProcessing", single, special_tokens: { s: { ids } } },
});
const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

function refusal(json: JsonValue | Uint8Array): string {
  try {
    fromTokenizerJson(json, "file.json");
  } catch (error) {
    if (isCutawayError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "none";
}

const bad = (what: string) => `bad-tokenizer: file.json is not a usable tokenizer.json: ${what}`;
const other = (family: string) => `unsupported-tokenizer: file.json holds a tokenizer that is not read: ${family}`;
const nested = (key: string, type: string, depth: number): JsonObject => (depth === 0 ? byteLevel : { type, [key]: [nested(key, type, depth - 1)] });

test("what the cases below vary is itself accepted", () => {
  expect([...fromTokenizerJson(good, "file.json").encode("abcab")]).toEqual([4, 3]);
});

describe("broken files", () => {
  test.each<[string, JsonValue, string]>([
    ["a list", [], "the whole is a list where an object belongs"],
    ["no model", {}, "model is missing where an object belongs"],
    ["a model of the wrong type", { ...good, model: "BPE" }, 'model is "BPE" where an object belongs'],
    ["no vocabulary", { ...good, model: { type: "BPE", merges: [] } }, "model.vocab is missing where an object belongs"],
    ["an empty vocabulary", { ...good, model: { ...model, vocab: {} } }, "model.vocab is empty"],
    [
      "an id that is text",
      { ...good, model: { ...model, vocab: { a: "0" } } },
      'model.vocab.a is "0" where a whole number from 0 to 8388606 belongs',
    ],
    ["a negative id", { ...good, model: { ...model, vocab: { a: -1 } } }, "model.vocab.a is -1 where a whole number from 0 to 8388606 belongs"],
    [
      "a fraction of an id",
      { ...good, model: { ...model, vocab: { a: 0.5 } } },
      "model.vocab.a is 0.5 where a whole number from 0 to 8388606 belongs",
    ],
    [
      "an id beyond all bounds",
      { ...good, model: { ...model, vocab: { a: 2 ** 40 } } },
      "model.vocab.a is 1099511627776 where a whole number from 0 to 8388606 belongs",
    ],
    ["an id far from the others", { ...good, model: { ...model, vocab: { a: 8_000_000 } } }, "model.vocab has 1 tokens, yet ids up to 8000000"],
    ["one id for two tokens", { ...good, model: { ...model, vocab: { a: 0, b: 0 } } }, 'model.vocab gives the id 0 to two tokens, one of them "b"'],
    ["no merges", { ...good, model: { type: "BPE", vocab: { a: 0 } } }, "model.merges is missing where a list belongs"],
    ["a merge of three", { ...good, model: { ...model, merges: ["a b c"] } }, "model.merges[0] is not a pair of tokens"],
    ["a merge of numbers", { ...good, model: { ...model, merges: [[0, 1]] } }, "model.merges[0] is not a pair of tokens"],
    ["a merge with nothing", { ...good, model: { ...model, merges: [["", "a"]] } }, "model.merges[0] is not a pair of tokens"],
    [
      "a merge of what is no token",
      { ...good, model: { ...model, merges: ["a x"] } },
      'model.merges[0] merges ["a","x"], of which a part or the result is not a token',
    ],
    [
      "a merge into what is no token",
      { ...good, model: { ...model, merges: ["b a"] } },
      'model.merges[0] merges ["b","a"], of which a part or the result is not a token',
    ],
    // A merge into itself or in a circle would have to make a token no longer than its parts.
    ["a merge into itself", { ...good, model: { ...model, vocab: { a: 0, aa: 0 } } }, 'model.vocab gives the id 0 to two tokens, one of them "aa"'],
    [
      "ignore_merges that is text",
      { ...good, model: { ...model, ignore_merges: "yes" } },
      'model.ignore_merges is "yes" where true or false belongs',
    ],
    [
      "an added token without id",
      { ...good, added_tokens: [{ content: "x", ...flags }] },
      "added_tokens[0].id is missing where a whole number from 0 to 8388606 belongs",
    ],
    ["an added token without content", { ...good, added_tokens: [{ id: 9, ...flags }] }, "added_tokens[0].content is missing where a string belongs"],
    [
      "an added token with another id",
      { ...good, added_tokens: [{ id: 9, content: "ab", ...flags }] },
      'added_tokens[0] gives "ab" the id 9, the vocabulary 3',
    ],
    [
      "two added tokens with one id",
      {
        ...good,
        added_tokens: [
          { id: 9, content: "x", ...flags },
          { id: 9, content: "y", ...flags },
        ],
      },
      'added_tokens[1] gives the id 9 to a second token, "y"',
    ],
    [
      "one added token with two ids",
      {
        ...good,
        added_tokens: [
          { id: 9, content: "x", ...flags },
          { id: 8, content: "x", ...flags },
        ],
      },
      'added_tokens[1] gives "x" a second id',
    ],
    [
      "a very long added token",
      { ...good, added_tokens: [{ id: 9, content: "x".repeat(2000), ...flags }] },
      "added_tokens[0].content is longer than 1024 characters",
    ],
    [
      "very many added tokens",
      { ...good, added_tokens: Array.from({ length: 2000 }, (_, index) => ({ id: 10 + index, content: `${index}`.padEnd(1000, "x"), ...flags })) },
      "added_tokens hold more than 1000000 characters",
    ],
    [
      "a WordPiece without its unknown token",
      { ...wordPiece, model: { type: "WordPiece", vocab: { a: 0 } } },
      'model.unk_token "[UNK]" is not in the vocabulary',
    ],
    [
      "a WordPiece with one id for two",
      { ...wordPiece, model: { type: "WordPiece", vocab: { "[UNK]": 0, b: 0 } } },
      'model.vocab gives the id 0 to two tokens, one of them "b"',
    ],
    ["a template without the text", template([]), "post_processor.single holds the text 0 times"],
    [
      "a template with the text twice",
      template([{ Sequence: { id: "A" } }, { Sequence: { id: "A" } }]),
      "post_processor.single holds the text 2 times",
    ],
    [
      "a template with a token that is not told",
      template([{ SpecialToken: { id: "t" } }, { Sequence: { id: "A" } }]),
      "post_processor.special_tokens.t is missing where an object belongs",
    ],
    [
      "a template of many tokens",
      template([{ SpecialToken: { id: "s" } }, { Sequence: { id: "A" } }], Array(2000).fill(1)),
      "post_processor puts more than 1000 tokens around a text",
    ],
    [
      "a template with an id that is none",
      template([{ SpecialToken: { id: "s" } }, { Sequence: { id: "A" } }], [-1]),
      "post_processor.special_tokens.s.ids holds something that is no token id",
    ],
    ["a pre-tokenizer without type", { ...good, pre_tokenizer: {} }, "pre_tokenizer.type is missing where a string belongs"],
    [
      "a split without behaviour",
      {
        ...good,
        pre_tokenizer: {
          type: "Sequence",
          pretokenizers: [
            { type: "Split", pattern: { Regex: "a" }, invert: false },
            { ...byteLevel, use_regex: false },
          ],
        },
      },
      "pre_tokenizer.pretokenizers[0].behavior is missing where one of Isolated, Removed, MergedWithPrevious, MergedWithNext, Contiguous belongs",
    ],
  ])("%s", (_, json, what) => {
    expect(refusal(json)).toBe(bad(what));
  });

  test("sequences nested without end", () => {
    const message = /^bad-tokenizer: .* is nested more than 8 deep$/;
    expect(refusal({ ...good, pre_tokenizer: nested("pretokenizers", "Sequence", 5000) })).toMatch(message);
    expect(refusal({ ...good, normalizer: nested("normalizers", "Sequence", 5000) })).toMatch(message);
    expect(refusal({ ...good, post_processor: nested("processors", "Sequence", 5000) })).toMatch(message);
  });

  test("what is not JSON, or not UTF-8, or too large", () => {
    expect(refusal(new TextEncoder().encode('{"model":'))).toMatch(/^bad-tokenizer: file\.json is not JSON: /);
    expect(refusal(Uint8Array.of(0x22, 0xff, 0x22))).toMatch(/^bad-tokenizer: file\.json is not JSON: /);
    expect(refusal(new TextEncoder().encode("[".repeat(1_000_000)))).toMatch(/^bad-tokenizer: file\.json is not JSON: /);
    expect(refusal(new Uint8Array(64 * 1024 * 1024 + 1))).toBe(
      "bad-tokenizer: file.json has 67108865 bytes; a tokenizer.json may have up to 67108864",
    );
  });

  test("tokens made to collide in the hash table", () => {
    // Two words that undo each other: `hash ^ word` is the same for every pair, whatever the first word.
    const characters = (word: number) => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24];
    const alphabet = byteAlphabet();
    const mixed = (hash: number, word: number) => {
      const product = Math.imul(hash ^ word, 0x9e3779b1);
      return product ^ (product >>> 15);
    };
    const vocab: Record<string, number> = {};
    for (let id = 0; id < 20_000; id++) {
      const second = mixed(8, id) ^ 0x1234;
      vocab[[...characters(id), ...characters(second)].map((byte) => alphabet[byte]).join("")] = id;
    }
    expect(refusal({ ...good, model: { type: "BPE", vocab, merges: [] } })).toMatch(/^bad-vocabulary: this vocabulary is built to collide/);
  });

  test("names that objects have of their own are tokens like any other", () => {
    const vocab = JSON.parse('{"__proto__":0,"constructor":1,"_":2,"p":3}');
    const tokenizer = fromTokenizerJson(
      { model: { type: "BPE", vocab, merges: [], ignore_merges: true }, pre_tokenizer: { ...byteLevel, use_regex: false } },
      "file.json",
    );
    expect([...tokenizer.encode("constructor")]).toEqual([1]);
    expect([...tokenizer.encode("__proto__")]).toEqual([0]);
    expect(refusal({ ...good, model: { ...model, merges: ["constructor toString"] } })).toMatch(/^bad-tokenizer: .*is not a token$/);
  });
});

describe("what is not read is named", () => {
  test.each<[string, JsonObject, string]>([
    ["Unigram behind ByteLevel", { ...good, model: { type: "Unigram", vocab: [["a", -1]] } }, "the pre-tokenizer ByteLevel"],
    ["WordLevel", { ...good, model: { type: "WordLevel", vocab: { a: 0 } } }, "WordLevel"],
    ["byte fallback behind ByteLevel", { ...good, model: { ...model, byte_fallback: true } }, "the pre-tokenizer ByteLevel"],
    ["a suffix at word ends", { ...good, model: { ...model, end_of_word_suffix: "</w>" } }, "BPE with end_of_word_suffix"],
    ["dropout", { ...good, model: { ...model, dropout: 0.1 } }, "BPE with dropout, whose ids differ from run to run"],
    ["a normaliser", { ...good, normalizer: { type: "Fancy" } }, "the normalizer Fancy"],
    ["a decoder of another family", { ...wordPiece, decoder: { type: "Metaspace" } }, "the decoder Metaspace with WordPiece"],
    [
      "post-processors that each add tokens",
      { ...good, post_processor: { type: "Sequence", processors: Array(2).fill({ type: "BertProcessing", cls: ["c", 1], sep: ["s", 2] }) } },
      "post-processors in a sequence of which several add tokens",
    ],
    ["a post-processor", { ...good, post_processor: { type: "Fancy" } }, "the post-processor Fancy"],
  ])("%s", (_, json, family) => {
    expect(refusal(json)).toBe(other(family));
  });
});

test("whatever one field is replaced by, the answer is a tokenizer that works or a clear refusal", () => {
  const full: JsonObject = {
    ...good,
    normalizer: { type: "Sequence", normalizers: [{ type: "NFC" }, { type: "Replace", pattern: { String: "x" }, content: "y" }] },
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [{ type: "Split", pattern: { Regex: "\\s" }, behavior: "Isolated", invert: false }, byteLevel],
    },
    added_tokens: [{ id: 7, content: "<x>", ...flags }],
  };
  const paths: string[][] = [];
  const walk = (value: unknown, path: string[]) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      paths.push([...path, key]);
      walk((value as JsonObject)[key], [...path, key]);
    }
  };
  walk(full, []);
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.oneof(fc.jsonValue(), fc.constantFrom<JsonValue>(null, -1, 1e300, "", "(", "__proto__", [], {})),
      (path, value) => {
        const json = structuredClone(full);
        const holder = path.slice(0, -1).reduce<JsonObject>((at, key) => at[key] as JsonObject, json);
        holder[path.at(-1) as string] = value as JsonValue;
        if (refusal(json) !== "none") return;
        const tokenizer = fromTokenizerJson(json, "file.json");
        const ids = tokenizer.encode("abc ab <x>", { allowedSpecial: "all" });
        expect(tokenizer.count("abc ab <x>", { allowedSpecial: "all" })).toBe(ids.length);
      },
    ),
    { numRuns: 400 },
  );
});

/** The characters of bytes 0 … 255, by the rule of GPT-2's bytes_to_unicode. */
function byteAlphabet(): string[] {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : 0x100 + others++);
  });
}
