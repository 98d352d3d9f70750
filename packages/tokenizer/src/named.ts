import { resolve } from "node:path";
import { CutawayError, type Tokenizer } from "@cutaway/core";
import { type CataloguedTokenizer, cataloguedTokenizer, tokenizerCatalog } from "./known/tokenizer-catalog.ts";
import { pathInPackage } from "./named/packages.ts";

export { type CataloguedTokenizer, type TokenizerForm, tokenizerCatalog } from "./known/tokenizer-catalog.ts";

/** The names of the tokenizers that come with Cutaway. */
export const knownTokenizers: readonly string[] = tokenizerCatalog.filter(({ bundled }) => bundled).map(({ name }) => name);

export interface LoadOptions {
  /** A folder from which packages of tokenizers that do not come with Cutaway are looked for. Default: the current one. */
  from?: string;
  /** For a file of ranks alone: the tokenizer whose pattern and special tokens go with them. Default: what the file is called, `o200k_base.tiktoken`. */
  like?: string;
}

const loaded = new Map<string, Promise<Tokenizer>>();

/**
 * A tokenizer by its name (`tokenizerCatalog`), or from the path of a file or folder: a tokenizer.json, tekken.json, SentencePiece .model, vocab.txt, GGUF
 * file, .tiktoken ranks, or vocab.json with merges.txt. What a file is, its content tells. Loaded once per process.
 * throws  `unknown-tokenizer` for a name or path that is none; `package-missing` for a name whose package is not installed, with the command that
 * installs it; and what the reader of the file throws.
 */
export function loadTokenizer(nameOrPath: string, options: LoadOptions = {}): Promise<Tokenizer> {
  const entry = cataloguedTokenizer(nameOrPath);
  const key = JSON.stringify([entry ? nameOrPath : resolve(nameOrPath), options.from, options.like]);
  let tokenizer = loaded.get(key);
  if (!tokenizer) {
    tokenizer = load(nameOrPath, entry, options);
    loaded.set(key, tokenizer);
    // A file may be mended, a package installed.
    tokenizer.catch(() => loaded.delete(key));
  }
  return tokenizer;
}

/** Each way is loaded when it is first gone. */
async function load(nameOrPath: string, entry: CataloguedTokenizer | undefined, { from, like }: LoadOptions): Promise<Tokenizer> {
  if (!entry) return (await import("./named/load-path.ts")).loadPath(nameOrPath, like);
  if (like !== undefined) throw new CutawayError("usage", `${nameOrPath} is a name; \`like\` is for a file of ranks`, { fix: "Leave `like` out." });
  return (await import("./named/load-catalogued.ts")).loadCatalogued(entry, from);
}

/** Whether what the tokenizer is read from is there. */
export const isInstalled = (entry: CataloguedTokenizer, from?: string): boolean => !entry.source || pathInPackage(entry.source, from) !== undefined;
