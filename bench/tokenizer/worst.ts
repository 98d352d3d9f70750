import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { isCutawayError, type Random, seededRandom, type Tokenizer } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { spread } from "../measure.ts";
import type { Figure } from "./figure.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../../packages/tokenizer/test/fixtures/sentencepiece/${name}`, import.meta.url));

/** Of each family: what comes with the product, two small SentencePiece models, and published vocabularies where their packages are installed. */
const tokenizers = [
  "o200k_base",
  "cl100k_base",
  "gpt2",
  "bert-base-uncased",
  fixture("unigram.model"),
  fixture("bpe.model"),
  "llama2",
  "gemma3",
  "qwen3",
];
const doubled = ["o200k_base", fixture("unigram.model"), fixture("bpe.model")];
const lengths = [250_000, 500_000, 1_000_000];

const drawn = (first: number, last: number) => (length: number, random: Random) =>
  Array.from({ length }, () => String.fromCodePoint(first + Math.floor(random() * (last - first + 1)))).join("");

/** One piece, or as near to it as a pattern allows. */
const kinds: Record<string, (length: number, random: Random) => string> = {
  "one letter": (length) => "a".repeat(length),
  "two letters": (length) => "ab".repeat(length / 2),
  spaces: (length) => " ".repeat(length),
  "line ends": (length) => "\n".repeat(length),
  underscores: (length) => "_".repeat(length),
  marks: (length) => "\u0301".repeat(length),
  "random letters": drawn(0x61, 0x7a),
  "random capitals": drawn(0x41, 0x5a),
  digits: drawn(0x30, 0x39),
  Thai: drawn(0xe01, 0xe2e),
  Han: drawn(0x4e00, 0x9fa5),
  Hangul: drawn(0xac00, 0xd7a3),
  emoji: drawn(0x1f300, 0x1f5ff),
};

/**
 * CPU time of encoding a text without a break: 100,000 characters, the median of three; and how it grows up to a million, by the best of seven.
 * Every text is a new one: what is known of texts seen before is no help.
 */
const worst: Figure = async () => {
  const detail: Record<string, unknown> = {
    says: "milliseconds of CPU time for 100,000 characters; doublings: time for twice as many, 250,000 and 500,000 characters",
  };
  let slowest = 0;
  for (const name of tokenizers) {
    const tokenizer = await tokenizerOf(name);
    if (!tokenizer) continue;
    const times = Object.entries(kinds).map(([kind, make]): [string, number] => {
      const times = Array.from({ length: 4 }, (_, turn) => timeOf(tokenizer, make(100_000 + 2 * turn, seededRandom(turn))));
      return [kind, spread(times.slice(1)).median];
    });
    slowest = Math.max(slowest, ...times.map(([, time]) => time));
    detail[basename(name)] = Object.fromEntries(times);
  }
  let steepest = 0;
  const doublings: Record<string, unknown> = {};
  for (const name of doubled) {
    const tokenizer = await tokenizerOf(name);
    if (!tokenizer) continue;
    doublings[basename(name)] = Object.fromEntries(
      Object.entries(kinds).map(([kind, make]) => {
        // All lengths in each turn, one after the other, and the best of each: what else the machine does only ever adds.
        const best = lengths.map(() => Number.POSITIVE_INFINITY);
        for (let turn = 0; turn < 7; turn++) {
          for (const [place, length] of lengths.entries())
            best[place] = Math.min(best[place] as number, timeOf(tokenizer, make(length + 2 * turn, seededRandom(turn))));
        }
        const ratios = best.slice(1).map((time, i) => time / (best[i] as number));
        steepest = Math.max(steepest, ...ratios);
        return [kind, ratios];
      }),
    );
  }
  return { metrics: { worst_100k_ms: slowest, worst_doubling: steepest }, detail: { ...detail, doublings } };
};
export default worst;

/** Undefined where it is in a package that is not installed. */
async function tokenizerOf(name: string): Promise<Tokenizer | undefined> {
  try {
    return await loadTokenizer(name, { from: fileURLToPath(new URL("../../tools/vocabularies/", import.meta.url)) });
  } catch (error) {
    if (isCutawayError(error) && error.code === "package-missing") return undefined;
    throw error;
  }
}

function timeOf(tokenizer: Tokenizer, text: string): number {
  const before = process.cpuUsage();
  tokenizer.encode(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
