import { readFileSync } from "node:fs";
import type { Tokenizer } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deepseekPatterns } from "../src/scan/scan-deepseek.ts";
import { type CutsText, hasTextCuts } from "../src/text-cuts.ts";
import { scripts } from "./corpora.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/tokenizer-json.json", import.meta.url), "utf8"));
const deepseek = {
  type: "Sequence",
  pretokenizers: [
    ...deepseekPatterns.map((Regex) => ({ type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false })),
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
};
const built = (name: string): Tokenizer => {
  const patch = golden.variants.find((variant: { name: string }) => variant.name === name)?.patch ?? { pre_tokenizer: deepseek };
  return fromTokenizerJson({ ...golden.shell, model: golden.model, ...patch }, name);
};

/** One of every class that a pattern can tell apart, many that only some do, letters of every script, and the texts of special and added tokens. */
const unit = fc.oneof(
  fc.constantFrom(
    ..." \n\r\t\u000b\u0085\u00a0\u2003\u2028\u0000\u0001\u00ad\u200b\ufeff'’sStTdDlLmMrRvVeE019²½٣aZéßΣσǅʰªѠ文あカ가각\u0301\u0903\u20dd!/\\-_.,;:$€+<=>^`|~§©🙂👍🏽\ud83d\udc4dſﬁ",
  ),
  fc.constantFrom("<|endoftext|>", "<|end|>", "<|strip|>", "ADDED", "'ll", "'RE", "  ", "\r\n"),
  fc.constantFrom(...scripts.map(([, first]) => String.fromCodePoint(first))),
);

test.each([["o200k_base"], ["cl100k_base"], ["gpt2"], ["qwen2-nfc"], ["llama3"], ["added"], ["missing-bytes"], ["deepseek-v3"]])(
  "%s: at every cut, the ids are those of the two sides",
  async (name) => {
    const tokenizer = name.endsWith("_base") ? await loadTokenizer(name) : built(name);
    if (!hasTextCuts(tokenizer)) throw new Error("it knows no cuts");
    let cuts = 0;
    const holds = (whole: Tokenizer & CutsText, text: string, options: object) => {
      const ids = whole.encode(text, options).join();
      for (let at = 1; at < text.length; at++) {
        if (!whole.cutsAt(text, at)) continue;
        cuts++;
        const sides = [...whole.encode(text.slice(0, at), options), ...whole.encode(text.slice(at), options)];
        expect(sides.join(), `${JSON.stringify(text)} at ${at}`).toBe(ids);
      }
    };
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 24 }), (text) => {
        holds(tokenizer, text, { allowedSpecial: "all" });
        holds(tokenizer, text, { disallowedSpecial: "as-text" });
      }),
      { numRuns: 4000 },
    );
    expect(cuts).toBeGreaterThan(1000);
  },
);
