import { isCutawayError, type JsonObject, type JsonValue } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzz, multilingual, oddTexts, prose } from "./corpora.ts";

const asText = { disallowedSpecial: "as-text" } as const;
const bert = { normalizer: { type: "BertNormalizer" }, pre_tokenizer: { type: "BertPreTokenizer" } };
const built = (model: JsonObject, rest: JsonObject = bert) =>
  fromTokenizerJson({ model: { type: "WordPiece", unk_token: "?", ...model }, ...rest }, "file.json");

describe("the trie finds what looking up the longest match piece by piece finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀"), minLength: 1, maxLength: 5 });
  const vocabularies = fc.uniqueArray(
    fc.tuple(fc.constantFrom("", "##"), letters).map((parts) => parts.join("")),
    { minLength: 1, maxLength: 14 },
  );
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "é", "😀", " ", "#"), maxLength: 40 });

  test.each([
    ["words apart at white space", { pre_tokenizer: { type: "WhitespaceSplit" } }],
    ["the text as one word", {}],
    ["BERT's way", { normalizer: { type: "BertNormalizer", strip_accents: false }, pre_tokenizer: { type: "BertPreTokenizer" } }],
  ])("%s", (_, rest) => {
    fc.assert(
      fc.property(vocabularies, texts, fc.constantFrom(3, 100), fc.constantFrom("##", "", "a"), (pieces, text, most, prefix) => {
        const vocab = Object.fromEntries(["?", ...pieces].map((piece, id) => [piece, id]));
        const tokenizer = built({ vocab, max_input_chars_per_word: most, continuing_subword_prefix: prefix }, rest);
        const ids = tokenizer.encode(text);
        const trace = tokenizer.trace(text);
        expect(ids).toEqual(trace.ids);
        const traced = trace.stretches.flatMap((stretch) =>
          stretch.kind === "text" ? stretch.pieces.flatMap(({ tokens }) => tokens.map(({ span }) => span)) : [],
        );
        expect(tokenizer.encodeWithSpans(text).map(({ span }) => span)).toEqual(traced);
      }),
      { numRuns: 1500 },
    );
  });
});

test("one pass and step by step are the same: BERT's own pre-tokenizer, and the same in a sequence with nothing", async () => {
  const vocab = Object.fromEntries(
    ["?", ..."abcdefghijklmnopqrstuvwxyz0123456789.,!-中日한가éи"].flatMap((piece) => [piece, `##${piece}`]).map((piece, id) => [piece, id]),
  );
  for (const options of [{}, { lowercase: false }, { strip_accents: false }, { clean_text: false }, { handle_chinese_chars: false }]) {
    const normalizer = { type: "BertNormalizer", ...options };
    const onePass = built({ vocab }, { normalizer, pre_tokenizer: { type: "BertPreTokenizer" } });
    const stepwise = built({ vocab }, { normalizer: { type: "Sequence", normalizers: [normalizer] }, pre_tokenizer: { type: "BertPreTokenizer" } });
    for (const text of [...oddTexts, ...fuzz(800, 11), prose(2000, 1), multilingual(4000, 2)]) {
      expect(onePass.encode(text)).toEqual(stepwise.encode(text));
      expect(onePass.encodeWithOffsets(text, { unit: "utf8" })).toEqual(stepwise.encodeWithOffsets(text, { unit: "utf8" }));
    }
  }
});

test("counts within a limit, counts and offsets agree with ids", async () => {
  const tokenizer = await loadTokenizer("bert-base-uncased");
  for (const text of [...oddTexts, ...fuzz(500, 4), prose(3000, 5)]) {
    const ids = tokenizer.encode(text, asText);
    expect(tokenizer.count(text, asText)).toBe(ids.length);
    for (const limit of [0, 1, ids.length - 1, ids.length, ids.length + 1]) {
      expect(tokenizer.countWithinLimit(text, limit, asText)).toBe(ids.length <= limit ? ids.length : undefined);
    }
    const { ids: same, starts, ends } = tokenizer.encodeWithOffsets(text, { ...asText, unit: "utf8" });
    expect(same).toEqual(ids);
    const bytes = new TextEncoder().encode(text).length;
    for (let i = 0; i < ids.length; i++) {
      expect(starts[i]).toBeGreaterThanOrEqual(i === 0 ? 0 : (starts[i - 1] as number));
      expect(ends[i]).toBeGreaterThan(starts[i] as number);
      expect(ends[i]).toBeLessThanOrEqual(bytes);
    }
  }
});

test("a limit is known without reading the whole text", async () => {
  const tokenizer = await loadTokenizer("bert-base-uncased");
  const text = "word ".repeat(2_000_000);
  const before = performance.now();
  for (let i = 0; i < 20; i++) expect(tokenizer.countWithinLimit(text, 100)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(3000);
});

test("special tokens are refused in a text, and put around it where asked", async () => {
  const tokenizer = await loadTokenizer("bert-base-uncased");
  expect(() => tokenizer.encode("a [MASK] b")).toThrow(expect.objectContaining({ code: "special-token-in-text" }));
  expect([...tokenizer.encode("a [MASK] b", { allowedSpecial: ["[MASK]"], addSpecialTokens: true })]).toEqual([101, 1037, 103, 1038, 102]);
  expect([...tokenizer.encode("[MASK]", asText)]).toEqual([1031, 7308, 1033]);
  const spans = tokenizer.encodeWithSpans("a b", { addSpecialTokens: true }).map(({ span }) => [span.start, span.end]);
  expect(spans).toEqual([
    [0, 0],
    [0, 1],
    [2, 3],
    [3, 3],
  ]);
  expect(() => tokenizer.decode([999_999])).toThrow(expect.objectContaining({ code: "unknown-token-id" }));
  expect([tokenizer.bytesOf(-1), tokenizer.kindOf(30_522), new TextDecoder().decode(tokenizer.bytesOf(2075))]).toEqual([
    undefined,
    undefined,
    "##ing",
  ]);
});

describe("hostile vocabularies", () => {
  const refused = (json: JsonObject): string => {
    try {
      fromTokenizerJson(json, "file.json");
    } catch (error) {
      if (isCutawayError(error)) return error.code;
      throw error;
    }
    return "none";
  };

  test("pieces whose lists would grow without bound", () => {
    // Each node of the long piece would hold as many pieces as it is deep; it is no piece itself until its end.
    const vocab = { "?": 0, a: 1, "##a": 2, [`${"a".repeat(20_000)}b`]: 3 };
    expect(refused({ model: { type: "WordPiece", unk_token: "?", vocab, max_input_chars_per_word: 2 ** 31 - 1 }, ...bert })).toBe("bad-vocabulary");
    // With BERT's own bound that piece stands in no word, and is left out.
    const tokenizer = built({ vocab });
    expect([...tokenizer.encode("aaa aaab")]).toEqual([1, 2, 2, 0]);
  });

  test("whatever one field is replaced by, the answer is a tokenizer that works or a clear refusal", () => {
    const full: JsonObject = {
      model: { type: "WordPiece", unk_token: "?", vocab: { "?": 0, a: 1, "##b": 2 }, continuing_subword_prefix: "##", max_input_chars_per_word: 100 },
      normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
      pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "BertPreTokenizer" }, { type: "Digits", individual_digits: true }] },
      post_processor: {
        type: "TemplateProcessing",
        single: [{ SpecialToken: { id: "s" } }, { Sequence: { id: "A" } }],
        special_tokens: { s: { ids: [0] } },
      },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
      added_tokens: [{ id: 9, content: "<x>", single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }],
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
          if (refused(json) !== "none") return;
          const tokenizer = fromTokenizerJson(json, "file.json");
          const options = { allowedSpecial: "all", addSpecialTokens: true } as const;
          const ids = tokenizer.encode("ab a1 <x> \ud800", options);
          expect(tokenizer.count("ab a1 <x> \ud800", options)).toBe(ids.length);
          expect(tokenizer.trace("ab a1 <x> \ud800", options).ids).toEqual(ids);
        },
      ),
      { numRuns: 500 },
    );
  });
});
