import type { Engine } from "./engine.ts";

export async function load(): Promise<Engine> {
  const { clearMergeCache, countTokens, encode } = await import("gpt-tokenizer/encoding/o200k_base");
  const asText = { disallowedSpecial: new Set<string>() };
  return { encode: (text) => encode(text, asText), count: (text) => countTokens(text, asText), forget: clearMergeCache };
}
