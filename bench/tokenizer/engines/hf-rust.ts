import { o200kAsTokenizerJson } from "../o200k-as-tokenizer-json.ts";
import type { Engine } from "./engine.ts";

export async function load(): Promise<Engine> {
  const { Tokenizer } = await import("@anush008/tokenizers");
  const tokenizer = Tokenizer.fromString(o200kAsTokenizerJson());
  return { encode: async (text) => (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds() };
}
