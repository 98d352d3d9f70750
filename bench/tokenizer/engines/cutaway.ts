import type { Engine } from "./engine.ts";

const asText = { disallowedSpecial: "as-text" } as const;

export async function load(): Promise<Engine> {
  const { loadTokenizer } = await import("@cutaway/tokenizer/named");
  const tokenizer = await loadTokenizer("o200k_base");
  return {
    encode: (text) => tokenizer.encode(text, asText),
    count: (text) => tokenizer.count(text, asText),
  };
}
