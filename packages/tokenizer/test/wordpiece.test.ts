import { readFileSync } from "node:fs";
import type { JsonObject } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { describe, expect, test } from "vitest";

/** Made by tools/golden/wordpiece.py with Hugging Face's tokenizers; the environment may name a file of the same shape with random texts. */
const golden = JSON.parse(readFileSync(process.env.WORDPIECE_GOLDEN ?? new URL("fixtures/wordpiece.json", import.meta.url), "utf8")) as {
  shell: JsonObject;
  model: JsonObject;
  texts: string[];
  variants: { name: string; patch: JsonObject; ids: string[]; spans: string[]; decoded: string[]; around: number[] }[];
};

/** Hugging Face takes special tokens in a text for themselves unless told otherwise. */
const all = { allowedSpecial: "all" } as const;

describe.each(golden.variants)("$name", ({ name, patch, ids, spans, decoded, around }) => {
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, name);
  const shown = (value: (text: string) => string) => golden.texts.map((text) => `${JSON.stringify(text)}: ${value(text)}`);
  const expected = (values: readonly string[]) => golden.texts.map((text, index) => `${JSON.stringify(text)}: ${values[index]}`);

  test("ids", () => {
    expect(shown((text) => tokenizer.encode(text, all).join(" "))).toEqual(expected(ids));
  });

  test("spans", () => {
    const spansOf = (text: string) =>
      tokenizer
        .encodeWithSpans(text, all)
        .map(({ span }) => `${span.start}-${span.end}`)
        .join(" ");
    expect(shown(spansOf)).toEqual(expected(spans));
  });

  test("counts, the ids of offsets and those of the trace are those of encode", () => {
    expect(golden.texts.map((text) => tokenizer.count(text, all))).toEqual(ids.map((list) => (list === "" ? 0 : list.split(" ").length)));
    expect(shown((text) => tokenizer.encodeWithOffsets(text, all).ids.join(" "))).toEqual(expected(ids));
    expect(shown((text) => tokenizer.trace(text, all).ids.join(" "))).toEqual(expected(ids));
  });

  test("decoded", () => {
    // Hugging Face decodes an added token that is found after normalisation in its normalised form; here it is the token as it is listed.
    const normalised = (text: string) => (name === "added" ? text.replaceAll("ADDED", "added") : text);
    expect(golden.texts.map((text) => normalised(tokenizer.decode(tokenizer.encode(text, all))))).toEqual(decoded);
  });

  test("special tokens around a text", () => {
    expect([...tokenizer.encode("", { addSpecialTokens: true })]).toEqual(around);
    expect([...tokenizer.trace("", { addSpecialTokens: true }).ids]).toEqual(around);
  });
});
