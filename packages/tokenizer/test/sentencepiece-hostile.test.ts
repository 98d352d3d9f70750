import { readFileSync } from "node:fs";
import { CutawayError, type JsonObject, type Tokenizer } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromGguf, fromSentencePieceModel, fromTokenizerJson } from "../src/index.ts";
import { Charsmap } from "../src/sentencepiece/charsmap.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/sentencepiece/${name}.model`, import.meta.url)));
const models = { unigram: fixture("unigram"), bpe: fixture("bpe") };
const asText = { disallowedSpecial: "as-text" } as const;
const texts = ["", " ", "All human beings", "e\u0301 ﬁ ㎏\u200b", "すべての人間は😀", "<s><sep>", "\ud800x", "a".repeat(3000)];

/** What came of it: a tokenizer that answers, or the code of an error that is meant. */
function outcome(read: () => Tokenizer): string {
  try {
    const tokenizer = read();
    for (const text of texts) {
      const ids = tokenizer.encode(text, asText);
      tokenizer.decode(ids);
      tokenizer.encodeWithOffsets(text, asText);
      tokenizer.trace(text.slice(0, 50), asText);
    }
    return "answers";
  } catch (error) {
    if (error instanceof CutawayError && error.kind !== "internal") return error.code;
    throw error;
  }
}

/** A field of a message: bytes with their length in front. */
const field = (number: number, bytes: Uint8Array | string): Uint8Array => {
  const body = Buffer.from(bytes);
  const length: number[] = [];
  for (let rest = body.length; ; rest >>>= 7) {
    length.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Uint8Array.of((number << 3) | 2), Uint8Array.from(length), body]);
};
const float = (value: number) => Buffer.concat([Uint8Array.of(0x15), new Uint8Array(new Float32Array([value]).buffer)]);
const piece = (text: string, score = -1, type = 1) => field(1, Buffer.concat([field(1, text), float(score), Uint8Array.of(0x18, type)]));
const unknown = piece("<unk>", 0, 2);
const read = (...parts: Uint8Array[]) => fromSentencePieceModel(new Uint8Array(Buffer.concat(parts)), "x.model");

describe("broken .model files are refused by what is wrong", () => {
  it.each<[string, Uint8Array[], RegExp]>([
    ["nothing", [], /holds no pieces/],
    ["half a file", [models.bpe.subarray(0, 5001)], /needs \d+ bytes where \d+ are left/],
    ["a length beyond the file", [Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f)], /needs 4294967295 bytes/],
    ["a number without end", [new Uint8Array(20).fill(0xff)], /more than ten bytes/],
    ["a group", [Uint8Array.of(0x0b)], /field 1 has wire type 3/],
    ["an empty piece", [unknown, piece("")], /piece 1 is empty/],
    ["a piece with a zero byte", [unknown, piece("a\0b")], /holds a zero byte/],
    ["a piece of a million bytes", [unknown, piece("a".repeat(1e6))], /longer than 4096 bytes/],
    ["the same piece twice", [unknown, piece("ab"), piece("ab")], /pieces 1 and 2 are the same/],
    ["a score that is no number", [unknown, piece("a", Number.NaN)], /the score of piece 1 is NaN/],
    ["an infinite score", [unknown, piece("a", Number.NEGATIVE_INFINITY)], /the score of piece 1 is -Infinity/],
    ["no unknown piece", [piece("a")], /no unknown piece/],
    ["two unknown pieces", [unknown, piece("<u>", 0, 2)], /both the unknown piece/],
    ["a byte piece without byte_fallback", [unknown, piece("<0x41>", 0, 6)], /stands for a byte/],
    ["byte_fallback without bytes", [unknown, piece("a"), field(2, Uint8Array.of(0x98, 0x02, 1))], /not every byte has its piece/],
    ["an unknown kind of model", [unknown, piece("a"), field(2, Uint8Array.of(0x18, 9))], /model_type is 9/],
    ["a charsmap of three bytes", [unknown, piece("a"), field(3, field(2, "abc"))], /its lengths do not fit together/],
  ])("%s", (_, parts, message) => {
    expect(() => read(...parts)).toThrow(message);
    expect(outcome(() => read(...parts))).toBe("bad-tokenizer");
  });

  it("a model of whole words is named", () => {
    expect(() => read(unknown, piece("a"), field(2, Uint8Array.of(0x18, 3)))).toThrow("is a SentencePiece model of whole words");
  });
});

describe("fuzz", () => {
  it.each(Object.entries(models))("%s.model with bytes changed, cut or put in answers or is refused", (_, bytes) => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.option(fc.nat(bytes.length)), (changes, end) => {
        const changed = bytes.slice(0, end ?? bytes.length);
        for (const { at, value } of changes) changed[at] = value;
        expect(["answers", "bad-tokenizer", "unsupported-tokenizer", "character-not-in-vocabulary"]).toContain(
          outcome(() => fromSentencePieceModel(changed, "x.model")),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("a charsmap of any units and replacements finds something or is refused, in bounded time", () => {
    const blob = fc.tuple(fc.uint32Array({ minLength: 1, maxLength: 600 }), fc.uint8Array({ minLength: 1, maxLength: 200 })).map(([units, rest]) => {
      const bytes = new Uint8Array(4 + 4 * units.length + rest.length);
      new DataView(bytes.buffer).setUint32(0, 4 * units.length, true);
      bytes.set(new Uint8Array(units.buffer, units.byteOffset, 4 * units.length), 4);
      bytes.set(rest, 4 + 4 * units.length);
      return bytes;
    });
    fc.assert(
      fc.property(blob, (bytes) => {
        const added = Buffer.concat([models.unigram, field(3, field(2, bytes))]);
        expect(["answers", "bad-tokenizer"]).toContain(outcome(() => fromSentencePieceModel(new Uint8Array(added), "x.model")));
      }),
      { numRuns: 300 },
    );
  });

  it("a double array that runs in a circle ends", () => {
    // One unit for every byte, which leads back to all of them: each byte is a step, and none is the last.
    const units = Uint32Array.from({ length: 256 }, (_, byte) => byte | (byte << 10));
    const bytes = Buffer.concat(
      [Uint32Array.of(1024), units, Uint8Array.of(0)].map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)),
    );
    const charsmap = new Charsmap(new Uint8Array(bytes), "x");
    const text = new Uint8Array(2_000_000).fill(0x61);
    expect(() => {
      for (let at = 0; at < text.length; at++) charsmap.find(text, at, text.length);
    }).toThrow("longer than any text's characters");
  });
});

describe("broken tokenizer.json and GGUF files", () => {
  const unigram = {
    model: {
      type: "Unigram",
      unk_id: 0,
      vocab: [
        ["<unk>", 0],
        ["a", -1],
      ],
    },
  } satisfies JsonObject;
  const bpe = {
    model: { type: "BPE", byte_fallback: true, unk_token: "<unk>", vocab: { "<unk>": 0, a: 1, b: 2, ab: 3 }, merges: ["a b"] },
  } satisfies JsonObject;

  it.each<[string, JsonObject, string]>([
    ["no vocabulary", { model: { type: "Unigram" } }, "bad-tokenizer"],
    ["an empty vocabulary", { model: { type: "Unigram", vocab: [] } }, "bad-tokenizer"],
    ["a score that is no number", { model: { type: "Unigram", vocab: [["a", "b"]] } }, "bad-tokenizer"],
    ["an unk_id beyond the vocabulary", { model: { ...unigram.model, unk_id: 2 } }, "bad-tokenizer"],
    ["no unk_id where one is needed", { model: { ...unigram.model, unk_id: null } }, "character-not-in-vocabulary"],
    ["an unk_token that is none", { model: { ...bpe.model, unk_token: "?" } }, "bad-tokenizer"],
    ["a merge of what is no token", { model: { ...bpe.model, merges: [["a", "c"]] } }, "bad-tokenizer"],
    ["an id for two tokens", { model: { ...bpe.model, vocab: { a: 1, b: 1 }, merges: [] } }, "bad-tokenizer"],
    ["an id far beyond the others", { model: { ...bpe.model, vocab: { a: 8_000_000 }, merges: [] } }, "bad-tokenizer"],
    ["a charsmap that is not base64", { ...unigram, normalizer: { type: "Precompiled", precompiled_charsmap: "*" } }, "bad-tokenizer"],
    ["a replacement of two characters", { ...unigram, pre_tokenizer: { type: "Metaspace", replacement: "ab" } }, "bad-tokenizer"],
    ["decoders nested without end", { ...bpe, decoder: nested(20) }, "bad-tokenizer"],
    ["a decoder that is not read", { ...bpe, decoder: { type: "CTC" } }, "unsupported-tokenizer"],
    ["nothing wrong", bpe, "answers"],
  ])("%s", (_, json, code) => {
    expect(outcome(() => fromTokenizerJson({ pre_tokenizer: null, ...json }, "file.json"))).toBe(code);
  });

  const key = (name: string) => `tokenizer.ggml.${name}`;
  const good: [string, GgufValue][] = [
    [key("model"), "llama"],
    [key("tokens"), ["<unk>", "<s>", "</s>", "a", "b", "ab"]],
    [key("scores"), new Float32Array([0, 0, 0, -3, -2, -1])],
    [key("token_type"), new Int32Array([2, 3, 3, 1, 1, 1])],
  ];

  it.each<[string, [string, GgufValue][], string]>([
    ["nothing wrong", [], "answers"],
    ["too few scores", [[key("scores"), new Float32Array(2)]], "bad-tokenizer"],
    ["scores that are text", [[key("scores"), ["a"]]], "bad-tokenizer"],
    ["a score that is no number", [[key("scores"), new Float32Array(6).fill(Number.NaN)]], "bad-tokenizer"],
    ["a byte token that is none", [[key("token_type"), new Int32Array([2, 3, 3, 6, 1, 1])]], "bad-tokenizer"],
    ["no unknown token where one is needed", [[key("token_type"), new Int32Array([1, 3, 3, 1, 1, 1])]], "character-not-in-vocabulary"],
    [
      "a charsmap of T5 that is none",
      [
        [key("model"), "t5"],
        [key("precompiled_charsmap"), new Uint8Array(9)],
      ],
      "bad-tokenizer",
    ],
  ])("GGUF: %s", (_, change, code) => {
    expect(outcome(() => fromGguf(new Map([...good, ...change]), "x.gguf"))).toBe(code);
  });
});

describe("long texts", () => {
  const units = ["a", " ", "▁", "é", "中", "😀", "ab", "\u0301", "1", "\ud800"];

  it.each(Object.entries(models))(
    "%s.model takes a million characters of one kind in bounded time",
    (name, bytes) => {
      const tokenizer = fromSentencePieceModel(bytes, name);
      for (const unit of units) {
        const text = unit.repeat(1_000_000 / unit.length);
        const started = performance.now();
        expect(tokenizer.count(text, asText)).toBeGreaterThanOrEqual(0);
        expect(performance.now() - started).toBeLessThan(15_000);
      }
    },
    200_000,
  );

  it("ten million characters of one kind", () => {
    const tokenizer = fromSentencePieceModel(models.unigram, "unigram");
    expect(tokenizer.count("a".repeat(10_000_000))).toBeGreaterThan(1_000_000);
  }, 100_000);
});

function nested(depth: number): JsonObject {
  return depth === 0 ? { type: "Fuse" } : { type: "Sequence", decoders: [nested(depth - 1)] };
}
