import { readFileSync } from "node:fs";
import type { JsonObject } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { describe, expect, test } from "vitest";

/** Made by tools/golden/tokenizer-json.py with Hugging Face's tokenizers. */
const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8")) as {
  shell: JsonObject;
  model: JsonObject;
  texts: string[];
  variants: { name: string; patch: JsonObject; ids: string[]; spans?: string[] }[];
};

/** Hugging Face takes special tokens in a text for themselves unless told otherwise. */
const all = { allowedSpecial: "all" } as const;

describe.each(golden.variants)("$name", ({ name, patch, ids }) => {
  const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, name);

  test("ids", () => {
    expect(golden.texts.map((text) => tokenizer.encode(text, all).join(" "))).toEqual(ids);
  });

  test("counts, and the ids of spans, are those of encode", () => {
    expect(golden.texts.map((text) => tokenizer.count(text, all))).toEqual(ids.map((list) => (list === "" ? 0 : list.split(" ").length)));
    expect(
      golden.texts.map((text) =>
        tokenizer
          .encodeWithSpans(text, all)
          .map((token) => token.id)
          .join(" "),
      ),
    ).toEqual(ids);
  });
});

describe.each(golden.variants.filter(({ spans }) => spans))("$name", ({ name, patch, spans }) => {
  test("spans", () => {
    const tokenizer = fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, name);
    const ours = golden.texts.map((text) =>
      tokenizer
        .encodeWithSpans(text, all)
        .map(({ span }) => `${span.start}-${span.end}`)
        .join(" "),
    );
    expect(ours).toEqual(spans);
  });
});

test("a file's bytes and its parsed JSON give the same tokenizer", () => {
  const json = { ...golden.shell, model: golden.model, ...golden.variants.find((variant) => variant.name === "added")?.patch };
  const fromBytes = fromTokenizerJson(new TextEncoder().encode(JSON.stringify(json)), "bytes");
  const fromJson = fromTokenizerJson(json, "json");
  expect(fromBytes.encode("Hello <|end|>", all)).toEqual(fromJson.encode("Hello <|end|>", all));
  expect([fromBytes.vocabSize, fromBytes.name, fromJson.name]).toEqual([fromJson.vocabSize, "bytes", "json"]);
  expect([...fromJson.specialTokens.keys()]).toEqual(["<|end|>", "<|strip|>"]);
});
