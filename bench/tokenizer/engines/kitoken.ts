import { readFileSync } from "node:fs";
import type { Engine } from "./engine.ts";

export async function load(): Promise<Engine> {
  const { Kitoken } = await import("kitoken/node");
  const tokenizer = Kitoken.from_tiktoken(readFileSync(new URL("../../node_modules/gpt-tokenizer/data/o200k_base.tiktoken", import.meta.url)));
  return { encode: (text) => tokenizer.encode(text, false) };
}
