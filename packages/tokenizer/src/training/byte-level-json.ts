import type { JsonObject } from "@cutaway/core";
import { cl100kPattern, gpt2Pattern, o200kPattern, qwen2Pattern } from "../scan/known-patterns.ts";

/** Published patterns by name; any other text is taken as a regular expression. */
export const namedPatterns: Readonly<Record<string, string>> = {
  gpt2: gpt2Pattern,
  cl100k: cl100kPattern,
  o200k: o200kPattern,
  qwen2: qwen2Pattern,
};

/** The `pre_tokenizer` that cuts by a pattern, and then writes bytes as characters. */
export function byteLevelPreTokenizer(pattern: string): JsonObject {
  if (pattern === "gpt2") return byteLevel({ use_regex: true });
  const regex = Object.hasOwn(namedPatterns, pattern) ? (namedPatterns[pattern] as string) : pattern;
  return {
    type: "Sequence",
    pretokenizers: [{ type: "Split", pattern: { Regex: regex }, behavior: "Isolated", invert: false }, byteLevel({ use_regex: false })],
  };
}

export const byteLevelDecoder: JsonObject = byteLevel({ use_regex: true });

function byteLevel(fields: JsonObject): JsonObject {
  return { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, ...fields };
}
