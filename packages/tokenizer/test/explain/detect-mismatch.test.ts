import { CutawayError } from "@cutaway/core";
import { describe, expect, it } from "vitest";
import { detectMismatch } from "../../src/explain/index.ts";
import { fromTokenizerJson } from "../../src/index.ts";
import { loadTokenizer } from "../../src/named.ts";

const o200k = await loadTokenizer("o200k_base");
const cl100k = await loadTokenizer("cl100k_base");
const both = [cl100k, o200k];
const text = "The naïve café said здравствуйте 👋🏽 and left.";

/** Byte-level BPE without merges whose ids are bytes, which puts <s> before a text. */
const withBos = fromTokenizerJson(
  {
    added_tokens: [{ id: 256, content: "<s>", special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }],
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [],
      special_tokens: { "<s>": { id: "<s>", ids: [256], tokens: ["<s>"] } },
    },
    model: { type: "BPE", vocab: byteVocabulary(), merges: [] },
  },
  "with-bos",
);

function byteVocabulary(): Record<string, number> {
  const vocabulary: Record<string, number> = {};
  let moved = 0;
  for (let byte = 0; byte < 256; byte++) {
    const isShown = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    vocabulary[String.fromCodePoint(isShown ? byte : 256 + moved++)] = byte;
  }
  return vocabulary;
}

describe("whose ids", () => {
  it("names the tokenizer that made them", () => {
    for (const tokenizer of both) {
      const report = detectMismatch(text, tokenizer.encode(text), both);
      expect([report.verdict, report.made]).toEqual(["one", [tokenizer.name]]);
      expect(report.candidates[0]).toEqual({
        tokenizer: tokenizer.name,
        match: "exact",
        agreeing: report.candidates[0]?.of,
        of: tokenizer.count(text),
        faults: [],
      });
      expect(report.candidates[1]?.match).toBe("no");
      expect(report.candidates[1]?.agreeing).toBeLessThan(tokenizer.count(text));
    }
  });

  it("says that they cannot be told apart where both give the same ids", () => {
    const report = detectMismatch("0", o200k.encode("0"), both);
    expect(o200k.encode("0")).toEqual(cl100k.encode("0"));
    expect([report.verdict, report.made.toSorted()]).toEqual(["several", ["cl100k_base", "o200k_base"]]);
  });

  it("is none where no candidate fits, and for no ids at all", () => {
    expect(detectMismatch("What is this?", [1, 2, 3], both)).toMatchObject({ verdict: "none", made: [] });
    expect(detectMismatch("", [], both)).toMatchObject({ verdict: "none", made: [] });
    expect(detectMismatch("text", [], [])).toEqual({ candidates: [], made: [], verdict: "none" });
  });

  it("finds every fault that it knows, and the tokenizer in spite of it", () => {
    const ids = Array.from(o200k.encode(text));
    const fault = (given: ArrayLike<number>, of = text, candidates = both) => {
      const { made, candidates: matches } = detectMismatch(of, given, candidates);
      return [made[0], matches[0]?.match, ...(matches[0]?.faults ?? [])];
    };
    expect(fault(ids.map((id) => id + 3))).toEqual(["o200k_base", "part", { kind: "offset", by: 3 }]);
    expect(fault(ids.slice(0, 9))).toEqual(["o200k_base", "part", { kind: "cut-text", at: o200k.decode(ids.slice(0, 9)).length }]);
    const emoji = Array.from(o200k.encode("Hi 👋🏽"));
    expect(fault(emoji.slice(0, -1), "Hi 👋🏽")).toEqual(["o200k_base", "part", { kind: "cut-character", lacking: 1 }]);
    expect(fault([...ids, ...o200k.encode(" Again.")])).toEqual(["o200k_base", "part", { kind: "more-text", text: " Again." }]);
    expect(fault(o200k.encode("cafÃ© crÃ¨me"), "café crème")).toEqual([
      "o200k_base",
      "part",
      { kind: "mojibake", in: "ids", readAs: "Windows-1252" },
    ]);
    expect(fault(o200k.encode("café crème"), "cafÃ© crÃ¨me")).toEqual([
      "o200k_base",
      "part",
      { kind: "mojibake", in: "text", readAs: "Windows-1252" },
    ]);
    expect(fault([...o200k.encode("no"), ...o200k.encode("tebook")], "notebook", [o200k])).toEqual([
      "o200k_base",
      "text",
      { kind: "other-cut", at: 0 },
    ]);
  });

  it("tells a doubled and a missing BOS from a right one", () => {
    const body = Array.from(withBos.encode("Hi you"));
    const faults = (given: number[]) => detectMismatch("Hi you", given, [withBos]).candidates.map(({ match, faults }) => [match, ...faults])[0];
    expect(withBos.encode("Hi you", { addSpecialTokens: true })[0]).toBe(256);
    expect(faults([256, ...body])).toEqual(["exact"]);
    expect(faults([256, 256, ...body])).toEqual(["exact", { kind: "doubled-bos", id: 256, count: 2 }]);
    expect(faults(body)).toEqual(["exact", { kind: "missing-bos", id: 256 }]);
  });

  it("says which ids are beyond the vocabulary", () => {
    const ids = Array.from(o200k.encode(text));
    const { candidates } = detectMismatch(text, ids, [cl100k]);
    const beyond = ids.flatMap((id, at) => (id >= cl100k.vocabSize ? [at] : []));
    expect(beyond.length).toBeGreaterThan(0);
    expect(candidates[0]).toMatchObject({ match: "no", faults: [{ kind: "unknown-ids", positions: beyond }] });
  });

  it("takes special tokens in the text for what they are, and never throws for them", () => {
    const written = "a<|endoftext|>b";
    expect(detectMismatch(written, o200k.encode(written, { allowedSpecial: "all" }), both).made).toEqual(["o200k_base"]);
    expect(detectMismatch(written, o200k.encode(written, { disallowedSpecial: "as-text" }), both).made).toEqual(["o200k_base"]);
    expect(() => o200k.encode(written)).toThrow(CutawayError);
  });
});
