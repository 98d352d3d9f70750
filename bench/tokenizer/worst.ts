import { type Random, seededRandom } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { spread } from "../measure.ts";
import type { Figure } from "./figure.ts";

/** The families' tokenizers that come with the product. */
const tokenizers = ["o200k_base", "cl100k_base", "gpt2"];

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

/** CPU time of one call on a text without a break: 100,000 characters, the median of three; and how it grows up to a million, by the best of three. */
const worst: Figure = async () => {
  const detail: Record<string, unknown> = {
    says: "milliseconds of CPU time for 100,000 characters; doublings: time for twice as many, 250,000 and 500,000 characters",
  };
  let slowest = 0;
  for (const name of tokenizers) {
    const tokenizer = await loadTokenizer(name);
    const times = Object.entries(kinds).map(([kind, make]): [string, number] => {
      const text = make(100_000, seededRandom(1));
      tokenizer.count(text);
      return [kind, spread(Array.from({ length: 3 }, () => timed(() => tokenizer.count(text)))).median];
    });
    slowest = Math.max(slowest, ...times.map(([, time]) => time));
    detail[name] = Object.fromEntries(times);
  }
  const tokenizer = await loadTokenizer("o200k_base");
  const doublings = Object.entries(kinds).map(([kind, make]): [string, number[]] => {
    const best = [250_000, 500_000, 1_000_000].map((length) => {
      const text = make(length, seededRandom(2));
      return Math.min(...Array.from({ length: 3 }, () => timed(() => tokenizer.count(text))));
    });
    return [kind, best.slice(1).map((time, i) => time / (best[i] as number))];
  });
  detail.doublings = Object.fromEntries(doublings);
  return { metrics: { worst_100k_ms: slowest, worst_doubling: Math.max(...doublings.flatMap(([, ratios]) => ratios)) }, detail };
};
export default worst;

function timed(action: () => unknown): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
