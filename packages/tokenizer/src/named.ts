import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { CutawayError, isJsonObject, type Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "./from-tiktoken-ranks.ts";
import { fromTokenizerJson } from "./from-tokenizer-json.ts";

/** Tokenizers that come with Cutaway. The data is that of the npm package `tiktoken`, of which nothing else is loaded. */
export const knownTokenizers: readonly string[] = ["o200k_base", "cl100k_base"];

const loaded = new Map<string, Tokenizer>();

/**
 * A tokenizer by its name, or from the path of a `tokenizer.json`. Loaded once per process.
 * throws `unknown-tokenizer` (with the names) for anything else, and what `fromTokenizerJson` throws.
 */
export async function loadTokenizer(nameOrPath: string): Promise<Tokenizer> {
  const isName = knownTokenizers.includes(nameOrPath);
  if (!isName && !nameOrPath.endsWith(".json")) throw unknown(nameOrPath, "is not the name of a known tokenizer");
  const key = isName ? nameOrPath : resolve(nameOrPath);
  let tokenizer = loaded.get(key);
  if (!tokenizer) {
    tokenizer = isName ? loadNamed(nameOrPath) : loadFile(nameOrPath);
    loaded.set(key, tokenizer);
  }
  return tokenizer;
}

function loadNamed(name: string): Tokenizer {
  const file = readFileSync(createRequire(import.meta.url).resolve(`tiktoken/encoders/${name}.json`));
  // The ranks are nearly all of the file, and are read as the bytes they are: parsing them as JSON would take as long again as using them.
  const field = '"bpe_ranks":"';
  const start = file.indexOf(field) + field.length;
  const end = file.indexOf('"', start);
  const rest: unknown = JSON.parse(file.toString("utf8", 0, start) + file.toString("utf8", end));
  if (!isJsonObject(rest) || rest.bpe_ranks !== "" || typeof rest.pat_str !== "string") {
    throw new CutawayError("bad-vocabulary", `the installed package tiktoken holds no ranks for ${name}`, {
      kind: "internal",
      fix: "Install the dependencies again.",
    });
  }
  return fromTiktokenRanks({
    name,
    ranks: file.subarray(start, end),
    pattern: rest.pat_str,
    specialTokens: rest.special_tokens as Record<string, number>,
  });
}

function loadFile(path: string): Tokenizer {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
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
