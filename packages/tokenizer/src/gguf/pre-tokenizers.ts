import { splitBy, splitterOfChain } from "../json/split.ts";
import { splitterOf } from "../regex/split-by-pattern.ts";
import { translatePattern } from "../regex/translate-pattern.ts";
import { cl100kPattern, gpt2Pattern, o200kPattern, qwen2Pattern } from "../scan/known-patterns.ts";
import { scanDeepseek } from "../scan/scan-deepseek.ts";
import { scanDigits } from "../scan/scan-digits.ts";
import type { TextSplitter } from "../text-splitter.ts";

/** What a name in `tokenizer.ggml.pre` stands for. */
export interface PreTokenizer {
  splitter: () => TextSplitter;
  /** Whether a piece that is a token is that token, without merging. */
  wholePieces?: true;
  /** Whether a prompt begins with BOS where the file does not say. */
  addBos?: true;
}

const pattern = (text: string) => () => splitterOf(text, "oniguruma");
const deepseek = () => ({ kind: "scan", scan: scanDeepseek }) as const;
const digits = () => ({ kind: "scan", scan: scanDigits }) as const;
const chain =
  (...patterns: string[]) =>
  () =>
    splitterOfChain(patterns.map((text) => splitBy(translatePattern(text, "oniguruma"), "Isolated", false)));

const symbols = String.raw`\p{P}\$\+<=>\^~\|`;
const bloom = String.raw` ?[^(\s|.,!?…。，、।۔،)]+`;
const tekken = o200kPattern.replaceAll("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", "").replace(String.raw`\p{N}{1,3}`, String.raw`\p{N}`);

/**
 * The pre-tokenizers by the names that converters write; the names of one line share one.
 * source  llama.cpp, src/llama-vocab.cpp (names, expressions in order, ignore_merges, add_bos), with the published form of each expression
 */
const table: [names: string, PreTokenizer][] = [
  ["gpt-2 phi-2 mpt olmo jais trillion exaone4 gigachat a.x-4.0 mellum granite-docling", { splitter: pattern(gpt2Pattern) }],
  ["smollm starcoder refact command-r codeshell exaone minerva-7b mellum2", { splitter: digits }],
  ["llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2", { splitter: pattern(cl100kPattern), wholePieces: true, addBos: true }],
  ["dbrx smaug-bpe glm4 chatglm-bpe", { splitter: pattern(cl100kPattern) }],
  ["qwen2 deepseek-r1-qwen stablelm2 hunyuan megrez kormo solar-open grok-2", { splitter: pattern(qwen2Pattern) }],
  ["gpt-4o llama4 kanana2 minimax-m2", { splitter: pattern(o200kPattern) }],
  ["tekken", { splitter: pattern(tekken), wholePieces: true, addBos: true }],
  ["deepseek-v3 hunyuan-dense joyai-llm", { splitter: deepseek }],
  ["deepseek-coder", { splitter: chain(String.raw`[\r\n]`, String.raw`\s?\p{L}+`, String.raw`\s?\p{P}+`, "[一-龥ࠀ-一가-퟿]+", String.raw`\p{N}`) }],
  ["falcon", { splitter: chain(String.raw`[${symbols}\x60]+`, gpt2Pattern, "[0-9][0-9][0-9]") }],
  ["bloom poro-chat gpt3-finnish", { splitter: chain(bloom) }],
  ["viking", { splitter: chain(bloom, String.raw`\p{N}`) }],
  ["default", { splitter: chain(`[${symbols}]+`, gpt2Pattern, String.raw`\p{N}+`, "[0-9][0-9][0-9]") }],
];

export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map(table.flatMap(([names, pre]) => names.split(" ").map((name) => [name, pre])));
