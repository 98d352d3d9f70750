import { readFileSync } from "node:fs";
import type { JsonObject } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { fromTokenizerJson } from "../../src/index.ts";
import { writeTokenizerJson } from "../../src/training/index.ts";
import { learnMerges } from "../../src/training/learn-merges.ts";
import { characterSegments } from "../../src/training/to-segments.ts";
import { textsToEncode, trainCase, trainingCases } from "./cases.ts";
import { wordPieceWords } from "./wordpiece-words.ts";

/** Made by tools/golden/trained-tokenizers.py with Hugging Face tokenizers 0.23.3. */
const golden = JSON.parse(readFileSync(new URL("../fixtures/trained-tokenizers.json", import.meta.url), "utf8")) as {
  cases: { name: string; ids: string[]; decoded: string[]; trained?: { vocab: string[]; merges: string[] } }[];
};

describe.each(trainingCases)("$name", (trainingCase) => {
  const expected = golden.cases.find(({ name }) => name === trainingCase.name);

  test("our reader gives the ids that Hugging Face gives with the same file", async () => {
    const written = writeTokenizerJson(await trainCase(trainingCase));
    const tokenizer = fromTokenizerJson(new TextEncoder().encode(written), trainingCase.name);
    const ids = textsToEncode.map((text) => tokenizer.encode(text, { disallowedSpecial: "as-text", allowedSpecial: "all" }).join(" "));
    expect(ids).toEqual(expected?.ids);
  });

  if (trainingCase.type === "bpe") {
    test("vocabulary and merges are those of Hugging Face's trainer", async () => {
      const model = (await trainCase(trainingCase)).json.model as { vocab: JsonObject; merges: string[][] };
      expect(byId(model.vocab)).toEqual(expected?.trained?.vocab);
      expect(model.merges.map((merge) => merge.join(" "))).toEqual(expected?.trained?.merges);
    });
  }

  if (trainingCase.type === "wordpiece") {
    test("from Hugging Face's own order of the tokens that continue a word, the vocabulary is Hugging Face's", async () => {
      const vocab = expected?.trained?.vocab as string[];
      const tokens = vocab.slice(
        0,
        vocab.findIndex((token) => !token.startsWith("[") && [...token.replace(/^##(?=.)/su, "")].length > 1),
      );
      const segments = characterSegments(await wordPieceWords(trainingCase.options), tokens, "##");
      const rules = { vocabSize: vocab.length, minFrequency: 0, maxTokenLength: Number.POSITIVE_INFINITY, continuationPrefix: "##" };
      const steps = learnMerges(segments, tokens, rules);
      while (!steps.next().done);
      expect(tokens).toEqual(vocab);
    });
  }
});

const byId = (vocab: JsonObject): string[] => Object.keys(vocab).toSorted((a, b) => (vocab[a] as number) - (vocab[b] as number));
