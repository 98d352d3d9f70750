import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { CutawayError, isJsonObject, type Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "./from-tiktoken-ranks.ts";
import { fromTokenizerJson } from "./from-tokenizer-json.ts";

/** Tokenizers that come with Cutaway. The data is that of the npm package `tiktoken`, of which nothing else is loaded. */
export const knownTokenizers: readonly string[] = ["o200k_base", "cl100k_base"];

const loaded = new Map<string, Promise<Tokenizer>>();

/**
 * A tokenizer by its name, or from the path of a `tokenizer.json`. Loaded once per process.
 * throws `unknown-tokenizer` (with the names) for anything else, and what `fromTokenizerJson` throws.
 */
export function loadTokenizer(nameOrPath: string): Promise<Tokenizer> {
  const isName = knownTokenizers.includes(nameOrPath);
  if (!isName && !nameOrPath.endsWith(".json")) return Promise.reject(unknown(nameOrPath, "is not the name of a known tokenizer"));
  const key = isName ? nameOrPath : resolve(nameOrPath);
  const already = loaded.get(key);
  if (already) return already;
  const loading = isName ? loadNamed(nameOrPath) : loadFile(nameOrPath);
  loaded.set(key, loading);
  loading.catch(() => loaded.delete(key));
  return loading;
}

async function loadNamed(name: string): Promise<Tokenizer> {
  const path = createRequire(import.meta.url).resolve(`tiktoken/encoders/${name}.json`);
  const json: unknown = JSON.parse(await readFile(path, "utf8"));
  if (!isJsonObject(json) || typeof json.bpe_ranks !== "string" || typeof json.pat_str !== "string") {
    throw new CutawayError("bad-vocabulary", `the installed package tiktoken holds no ranks for ${name}`, {
      kind: "internal",
      fix: "Install the dependencies again.",
    });
  }
  return fromTiktokenRanks({
    name,
    ranks: new TextEncoder().encode(json.bpe_ranks),
    pattern: json.pat_str,
    specialTokens: json.special_tokens as Record<string, number>,
  });
}

async function loadFile(path: string): Promise<Tokenizer> {
  let file: Uint8Array;
  try {
    file = await readFile(path);
  } catch (cause) {
    throw unknown(path, "cannot be read", cause);
  }
  return fromTokenizerJson(file, path);
}

function unknown(name: string, what: string, cause?: unknown): CutawayError {
  return new CutawayError("unknown-tokenizer", `tokenizer ${JSON.stringify(name)} ${what}`, {
    fix: `Name one of ${knownTokenizers.join(", ")}, or give the path of a tokenizer.json.`,
    data: { name, known: [...knownTokenizers] },
    cause,
  });
}
