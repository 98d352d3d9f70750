import type { Engine } from "./engine.ts";

export async function load(): Promise<Engine> {
  const { get_encoding } = await import("tiktoken");
  const encoding = get_encoding("o200k_base");
  return { encode: (text) => encoding.encode_ordinary(text) };
}
