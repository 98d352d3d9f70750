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
  const deepseek = golden.variants.find(({ name }: { name: string }) => name === "deepseek");
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...deepseek.patch }, "deepseek");
  const before = tokenizer.encode("Hello");
  expect(() => tokenizer.encode(`Hello ${"a".repeat(6_000_000)}`)).toThrow(expect.objectContaining({ code: "text-too-long" }));
  expect(tokenizer.encode("Hello")).toEqual(before);
});
