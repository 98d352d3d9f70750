import type { Engine } from "./engine.ts";

export async function load(): Promise<Engine> {
  const [{ default: Tokenizer }, encoding] = await Promise.all([import("ai-tokenizer"), import("ai-tokenizer/encoding/o200k_base")]);
  let tokenizer = new Tokenizer(encoding);
  return {
    encode: (text) => tokenizer.encode(text),
    count: (text) => tokenizer.count(text),
    forget() {
      tokenizer = new Tokenizer(encoding);
    },
  };
}
