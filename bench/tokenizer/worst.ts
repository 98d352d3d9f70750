import { basename } from "node:path";
import { type Random, seededRandom, type Tokenizer } from "@cutaway/core";
import { spread } from "../measure.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { Figure } from "./figure.ts";
import { ofEachFamily, others, tokenizerOf } from "./tokenizers.ts";

const lengths = [250_000, 500_000, 1_000_000];
const turns = 15;

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
 * CPU time of encoding a text without a break: 100,000 characters, the median of three; and how it grows up to a million, the median of fifteen.
 * Every text is a new one: what is known of texts seen before is no help.
 */
const worst: Figure = async () => {
  const detail: Record<string, unknown> = {
    says: "milliseconds of CPU time for 100,000 characters; doublings: time for twice as many, 250,000 and 500,000 characters",
  };
  let slowest = 0;
  for (const name of [...ofEachFamily, ...others]) {
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
  for (const name of ofEachFamily) {
    const tokenizer = await tokenizerOf(name);
    if (!tokenizer) continue;
    doublings[basename(name)] = Object.fromEntries(
      Object.entries(kinds).map(([kind, make]) => {
        const ratios = doublingsOf(tokenizer, make);
        steepest = Math.max(steepest, ...ratios);
        return [kind, ratios];
      }),
    );
  }
  return { metrics: { worst_100k_ms: slowest, worst_doubling: steepest }, detail: { ...detail, doublings } };
};
export default worst;

/**
 * A length's time over that of half of it, both taken in the same turn: a machine that is slower for a while is so for both. The median of the turns.
 * What is left of making the texts is collected before, since V8 would do it while they are encoded, on threads whose time is counted too; and every turn
 * begins with another length, so that what one leaves to be collected does not always fall to the same.
 */
function doublingsOf(tokenizer: Tokenizer, make: (length: number, random: Random) => string): number[] {
  const texts = Array.from({ length: turns }, (_, turn) => lengths.map((length) => make(length + 2 * turn, seededRandom(turn))));
  collectGarbage();
  const times = texts.map((turn, at) => {
    const row: number[] = [];
    for (let i = 0; i < turn.length; i++) {
      const which = (at + i) % turn.length;
      row[which] = timeOf(tokenizer, turn[which] as string);
    }
    return row;
  });
  return lengths.slice(1).map((_, i) => spread(times.map((turn) => (turn[i + 1] as number) / (turn[i] as number))).median);
}

function timeOf(tokenizer: Tokenizer, text: string): number {
  const before = process.cpuUsage();
  tokenizer.encode(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
