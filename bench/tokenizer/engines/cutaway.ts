import { readFileSync } from "node:fs";
import type { Tokenizer } from "@cutaway/core";
import type { Engine } from "./engine.ts";

const asText = { disallowedSpecial: "as-text" } as const;

export async function load(): Promise<Engine> {
  const { loadTokenizer } = await import("@cutaway/tokenizer/named");
  let tokenizer = await loadTokenizer("o200k_base");
  return {
    encode: (text) => tokenizer.encode(text, asText),
    count: (text) => tokenizer.count(text, asText),
    async forget() {
      tokenizer = await another();
    },
  };
}

/** From the same file: `loadTokenizer` would give the one that is there. */
async function another(): Promise<Tokenizer> {
  const { fromTiktokenRanks } = await import("@cutaway/tokenizer");
  const file = readFileSync(new URL(import.meta.resolve("tiktoken/encoders/o200k_base.json")), "utf8");
  const { bpe_ranks, pat_str, special_tokens } = JSON.parse(file) as { bpe_ranks: string; pat_str: string; special_tokens: Record<string, number> };
  return fromTiktokenRanks({ name: "o200k_base", ranks: Buffer.from(bpe_ranks), pattern: pat_str, specialTokens: special_tokens });
}
