import { type PairRules, rulesOfMerges } from "../bpe/pair-ranks.ts";
import type { Vocabulary } from "../bpe/vocabulary.ts";
import { writeBytes } from "./byte-alphabet.ts";

/** The token of each byte; -1 where the vocabulary has none. */
export function byteIdsOf(vocabulary: Vocabulary): Int32Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: 256 }, (_, byte) => {
    bytes[0] = byte;
    return vocabulary.find(view, 0, 1);
  });
}

/**
 * Merges as `"left right"` or `["left", "right"]`, the first with the lowest rank. Both sides and what they make must be tokens;
 * `bad` makes the error for one that is wrong.
 */
export function readMerges(merges: readonly unknown[], vocabulary: Vocabulary, bad: (rank: number, what: string) => Error): PairRules {
  const left = new Int32Array(merges.length);
  const right = new Int32Array(merges.length);
  const made = new Int32Array(merges.length);
  const scratch = new PairScratch();
  for (let rank = 0; rank < merges.length; rank++) {
    const wrong = scratch.write(merges[rank]);
    if (wrong) throw bad(rank, wrong);
    left[rank] = scratch.find(vocabulary, 0, scratch.middle);
    right[rank] = scratch.find(vocabulary, scratch.middle, scratch.end);
    made[rank] = scratch.find(vocabulary, 0, scratch.end);
    if ((left[rank] as number) < 0 || (right[rank] as number) < 0 || (made[rank] as number) < 0) {
      throw bad(rank, noTokens(merges[rank]));
    }
  }
  return rulesOfMerges(left, right, made);
}

const noPair = "is not a pair of tokens";
const noTokens = (merge: unknown) =>
  `merges ${JSON.stringify(sidesOf(merge).map((side) => side.slice(0, 40)))}, of which a part or the result is not a token`;

const sidesOf = (merge: unknown): string[] => (Array.isArray(merge) ? merge : String(merge).split(" "));

/** The bytes of the two sides of a merge, one after the other. */
class PairScratch {
  #bytes = new Uint8Array(1024);
  #view = new DataView(this.#bytes.buffer);
  middle = 0;
  end = 0;

  /** What is wrong with the merge; undefined where its bytes are now here. */
  write(merge: unknown): string | undefined {
    if (typeof merge === "string") {
      const space = merge.indexOf(" ");
      if (space <= 0 || space === merge.length - 1 || merge.indexOf(" ", space + 1) >= 0) return noPair;
      return this.#writeSides(merge, 0, space, merge, space + 1, merge.length) ? undefined : noTokens(merge);
    }
    if (!Array.isArray(merge) || merge.length !== 2) return noPair;
    const [first, second] = merge;
    if (typeof first !== "string" || typeof second !== "string" || first === "" || second === "") return noPair;
    return this.#writeSides(first, 0, first.length, second, 0, second.length) ? undefined : noTokens(merge);
  }

  #writeSides(first: string, firstStart: number, firstEnd: number, second: string, secondStart: number, secondEnd: number): boolean {
    const most = firstEnd + secondEnd + 4;
    if (most > this.#bytes.length) {
      this.#bytes = new Uint8Array(2 * most);
      this.#view = new DataView(this.#bytes.buffer);
    }
    this.middle = writeBytes(first, this.#bytes, 0, firstStart, firstEnd);
    const length = this.middle < 0 ? -1 : writeBytes(second, this.#bytes, this.middle, secondStart, secondEnd);
    this.end = this.middle + length;
    return length >= 0;
  }

  find(vocabulary: Vocabulary, start: number, end: number): number {
    return vocabulary.find(this.#view, start, end - start);
  }
}
