import { readFileSync } from "node:fs";
import { fromGguf, ggufSpecials } from "@cutaway/tokenizer";
import { describe, expect, test } from "vitest";
import { metadataOf, realModel } from "./real-model.ts";

/** Made by tools/golden/gguf-tokenizer.py (Hugging Face) and tools/golden/llama-cpp-ids.mjs (llama.cpp). */
const golden: { texts: string[]; huggingFace: string[]; llamaCpp: string[] } = JSON.parse(
  readFileSync(new URL("fixtures/smollm2-ids.json", import.meta.url), "utf8"),
);

describe.skipIf(!realModel)("the vocabulary of SmolLM2-135M-Instruct", () => {
  const metadata = realModel ? metadataOf(realModel) : new Map();

  test("ids are those of Hugging Face and of llama.cpp", () => {
    const tokenizer = fromGguf(metadata, "smollm2");
    const ours = golden.texts.map((text) => tokenizer.encode(text, { allowedSpecial: "all" }).join(" "));
    expect(ours).toEqual(golden.huggingFace);
    expect(ours).toEqual(golden.llamaCpp);
  });

  test("its special tokens", () => {
    expect(ggufSpecials(metadata, "smollm2")).toEqual({
      bos: { id: 1, text: "<|im_start|>" },
      ends: [
        { id: 0, text: "<|endoftext|>" },
        { id: 2, text: "<|im_end|>" },
      ],
      addBos: false,
    });
  });
});
