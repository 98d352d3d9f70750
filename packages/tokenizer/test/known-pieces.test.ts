import { readFileSync } from "node:fs";
import type { JsonObject } from "@cutaway/core";
import { seededRandom } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";
import { hashWords } from "../src/bpe/known-pieces.ts";
import { multilingual, oddTexts } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8")) as {
  shell: JsonObject;
  model: JsonObject;
  texts: string[];
  variants: { name: string; patch: JsonObject; ids: string[] }[];
};
const all = { allowedSpecial: "all" } as const;

test.each(golden.variants)("$name: a text that was seen before has the same ids, counted or not", ({ name, patch, ids }) => {
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, name);
  for (let again = 0; again < 2; again++) {
    expect(golden.texts.map((text) => tokenizer.encode(text, all).join(" "))).toEqual(ids);
    expect(golden.texts.map((text) => tokenizer.count(text, all))).toEqual(ids.map((list) => list.split(" ").filter(Boolean).length));
  }
});

test("forgetting, when too many pieces have been seen, changes nothing", async () => {
  const tokenizer = await loadTokenizer("cl100k_base");
  const texts = [...oddTexts, multilingual(20_000, 3)];
  const options = { disallowedSpecial: "as-text" } as const;
  const before = texts.map((text) => tokenizer.encode(text, options).join(" "));
  const random = seededRandom(11);
  // Each piece takes some tens of words of the million that are kept.
  for (let round = 0; round < 30; round++) {
    const words = Array.from({ length: 2000 }, () => Array.from({ length: 40 }, () => String.fromCharCode(97 + Math.floor(random() * 26))).join(""));
    const text = words.join(" ");
    const ids = tokenizer.encode(text);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenizer.count(text)).toBe(ids.length);
  }
  expect(texts.map((text) => tokenizer.encode(text, options).join(" "))).toEqual(before);
});

test("a text whose pieces collide", async () => {
  const words: string[] = [];
  for (let number = 0; words.length < 200; number++) {
    const word = ` ${[...number.toString(26)].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 26))).join("")}qq`;
    const bytes = Buffer.alloc(8);
    bytes.write(word);
    // Of five to eight bytes the last four are the second word: where a piece is first looked for in a table of 1024.
    const hash = hashWords(word.length, bytes.readInt32LE(0), bytes.readInt32LE(word.length - 4), 0, 0);
    if (word.length > 4 && word.length <= 8 && hash >>> 22 === 77) words.push(word);
  }
  const tokenizer = await loadTokenizer("o200k_base");
  const text = words.join("");
  const expected = tokenizer.encodeWithSpans(text).map(({ id }) => id as number);
  for (let again = 0; again < 3; again++) expect(Array.from(tokenizer.encode(text))).toEqual(expected);
});
