import { readFileSync } from "node:fs";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";

/** Quadratic merging takes minutes here, and the test's time is up. */
test.each([
  ["one letter", "a"],
  ["spaces", " "],
  ["one character of three bytes", "日"],
  ["marks", "\u0301"],
  ["underscores", "_"],
  ["line ends and spaces", "\n "],
  ["upper and lower case", "aA"],
])("400 thousand characters of one kind: %s", async (_, unit) => {
  const tokenizer = await loadTokenizer("o200k_base");
  const text = unit.repeat(400_000 / unit.length);
  const ids = tokenizer.encode(text);
  expect(tokenizer.decode(ids) === text).toBe(true);
  expect(tokenizer.count(text)).toBe(ids.length);
});

test("a long piece of letters without a pattern in it", async () => {
  const tokenizer = await loadTokenizer("o200k_base");
  let state = 1;
  const text = Array.from({ length: 100_000 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return String.fromCharCode(97 + ((state >>> 16) % 26));
  }).join("");
  const ids = tokenizer.encode(text);
  expect(tokenizer.decode(ids) === text).toBe(true);
  expect(tokenizer.count(text)).toBe(ids.length);
});

test("a run that outgrows the engine's regular expressions ends in a clear error, and the next text is encoded as ever", () => {
  const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
  const { patch } = golden.variants.find(({ name }: { name: string }) => name === "cl100k-possessive");
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, "cl100k-possessive");
  const before = tokenizer.encode("Hello");
  expect(() => tokenizer.encode(`Hello ${"a".repeat(6_000_000)}`)).toThrow(expect.objectContaining({ code: "text-too-long" }));
  expect(tokenizer.encode("Hello")).toEqual(before);
});

/** A word of more than 100 characters is unknown to BERT; a vocabulary without that bound reads on. */
test.each([["a"], [" "], ["日"], ["é"], ["e\u0301"], ["\u302e\u302f"], ["#"], ["unbelievable"]])(
  "WordPiece: time grows with the text, %j 300 thousand characters long",
  async (unit) => {
    const bert = await loadTokenizer("bert-base-uncased");
    const vocab = Object.fromEntries(
      ["[UNK]", "a", "##a", "aaaa", "##aaaaaaab", "unbel", "##ievable", "##unbe", "##lie", "##va", "##b"].map((piece, id) => [piece, id]),
    );
    const model = { type: "WordPiece", vocab, max_input_chars_per_word: 2 ** 31 - 1 };
    const unbounded = fromTokenizerJson({ model, normalizer: { type: "BertNormalizer" }, pre_tokenizer: { type: "BertPreTokenizer" } }, "unbounded");
    const text = unit.repeat(300_000 / unit.length);
    for (const tokenizer of [bert, unbounded]) {
      const before = process.cpuUsage().user; // of the processor, µs: a busy machine takes longer by the clock
      expect(tokenizer.count(text)).toBe(tokenizer.encode(text).length);
      expect(process.cpuUsage().user - before).toBeLessThan(10_000_000);
    }
  },
);

test("a pattern that is made to take quadratic time ends in a clear error", () => {
  const model = { type: "BPE", vocab: { a: 0, " ": 1 }, merges: [] };
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
  const split = { type: "Split", pattern: { Regex: "[^b]*b" }, behavior: "Isolated", invert: false };
  const tokenizer = fromTokenizerJson({ model, pre_tokenizer: { type: "Sequence", pretokenizers: [split, byteLevel] } }, "slow.json");
  expect(tokenizer.count("aaaa")).toBe(4);
  expect(() => tokenizer.encode("a".repeat(600_000))).toThrow(expect.objectContaining({ code: "pattern-too-slow" }));
}, 60_000);
