import type { JsonObject } from "@cutaway/core";
import { seededRandom } from "@cutaway/core";
import { fromTiktokenRanks, fromTokenizerJson } from "@cutaway/tokenizer";
import { describe, expect, test } from "vitest";

/** The definition of byte pair encoding, as slow as it reads: merge the pair of lowest rank, the leftmost of equals, until none is left. */
function naiveMerge(text: string, rankOf: (left: string, right: string) => number | undefined): string[] {
  const parts = [...text];
  for (;;) {
    let best: { rank: number; at: number } | undefined;
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = rankOf(parts[at] as string, parts[at + 1] as string);
      if (rank !== undefined && (!best || rank < best.rank)) best = { rank, at };
    }
    if (!best) return parts;
    parts.splice(best.at, 2, (parts[best.at] as string) + (parts[best.at + 1] as string));
  }
}

const latin1 = (token: string) => btoa(token);

/** Random merges over three letters: dense in overlaps and in runs of one letter, where orders differ. */
function randomMerges(seed: number, count: number): [string, string][] {
  const random = seededRandom(seed);
  const tokens = ["a", "b", "c"];
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const left = tokens[Math.floor(random() * tokens.length)] as string;
    const right = tokens[Math.floor(random() * tokens.length)] as string;
    if (left.length + right.length > 12 || tokens.includes(left + right)) continue;
    tokens.push(left + right);
    merges.push([left, right]);
  }
  return merges;
}

function randomText(seed: number, length: number): string {
  const random = seededRandom(seed);
  let text = "";
  while (text.length < length) text += ("abc"[Math.floor(random() * 3)] as string).repeat(random() < 0.3 ? 1 + Math.floor(random() * 9) : 1);
  return text.slice(0, length);
}

const lengths = [1, 2, 3, 7, 30, 95, 96, 97, 98, 150, 400];

/** With few merges a long piece falls apart where no token reaches over; with many it does not. */
describe.each([
  [1, 60],
  [2, 60],
  [3, 60],
  [4, 6],
  [5, 9],
  [6, 12],
  [7, 20],
])("random vocabulary %i of %i merges", (seed, count) => {
  const merges = randomMerges(seed, count);

  test("ranks of bytes: short and long pieces merge as the definition says", () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
    const tokens = [...bytes, ...merges.map(([left, right]) => left + right)];
    const ranks = new Map(tokens.map((token, rank) => [token, rank]));
    const file = tokens.map((token, rank) => `${latin1(token)} ${rank}`).join("\n");
    const tokenizer = fromTiktokenRanks({ name: "random", ranks: new TextEncoder().encode(file), pattern: "[\\s\\S]+", specialTokens: {} });
    for (const length of lengths) {
      const text = randomText(seed * 1000 + length, length);
      const whole = ranks.has(text) ? [text] : naiveMerge(text, (left, right) => ranks.get(left + right));
      expect([...tokenizer.encode(text)]).toEqual(whole.map((token) => ranks.get(token)));
      expect(tokenizer.count(text)).toBe(whole.length);
    }
  });

  test("a merge list: only listed pairs merge, in the order of the list", () => {
    // Every second token is made by a pair that is not the first that could make it: ranks of bytes would give other ids.
    const listed = merges.toReversed().filter((_, index) => index % 5 !== 0);
    const tokens = ["a", "b", "c", ...merges.map(([left, right]) => left + right)];
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
    const json: JsonObject = {
      model: { type: "BPE", vocab, merges: listed },
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false, trim_offsets: false },
    };
    const tokenizer = fromTokenizerJson(json, "random");
    const ranks = new Map(listed.map(([left, right], rank) => [`${left} ${right}`, rank]));
    for (const length of lengths) {
      const text = randomText(seed * 2000 + length, length);
      const parts = naiveMerge(text, (left, right) => ranks.get(`${left} ${right}`));
      expect([...tokenizer.encode(text)]).toEqual(parts.map((token) => vocab[token]));
    }
  });
});
