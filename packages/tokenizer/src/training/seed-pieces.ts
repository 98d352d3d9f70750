import type { Sentences } from "./sentences.ts";
import { sortSuffixes } from "./sort-suffixes.ts";

/** Pieces of a vocabulary in the making: characters of each, and how much it weighs: a count, then a log probability. */
export interface Pieces {
  /** `Sentences.characters` or a copy; piece i is [starts[i], starts[i] + lengths[i]). */
  characters: Int32Array;
  starts: Int32Array;
  lengths: Int32Array;
  scores: Float64Array;
}

/**
 * What a vocabulary begins with: every character, and of the substrings that occur at least twice and have up to `maxLength` characters those with
 * the highest count × length, up to `seedSize` pieces in all. Of substrings that occur at the same places only the longest counts.
 * `scores` are count × length; the alphabet stands first, in its order.
 * source  T. Kudo 2018, arXiv 1804.10959, section 3.2: seeds by a suffix array. Here a substring of a piece counts as often as the piece occurs
 */
export function seedPieces(sentences: Sentences, maxLength: number, seedSize: number): Pieces {
  const { characters, alphabet } = sentences;
  const single = alphabet.length - 1;
  const found = substrings(sentences, maxLength);
  const kept = best(found, Math.max(0, seedSize - single));
  const size = single + kept.length;
  const seeds = { characters, starts: new Int32Array(size), lengths: new Int32Array(size), scores: new Float64Array(size) };
  const { counts, firsts } = characterCounts(sentences);
  for (let index = 0; index < single; index++) {
    seeds.starts[index] = firsts[index + 1] as number;
    seeds.lengths[index] = 1;
    seeds.scores[index] = counts[index + 1] as number;
  }
  for (const [index, from] of kept.entries()) {
    seeds.starts[single + index] = found.starts[from] as number;
    seeds.lengths[single + index] = found.lengths[from] as number;
    seeds.scores[single + index] = found.scores[from] as number;
  }
  return seeds;
}

interface Substrings {
  starts: number[];
  lengths: number[];
  scores: number[];
}

/** All substrings of two characters and more: the inner nodes of the suffix tree, from intervals of the sorted suffixes, and leaves that occur more than once. */
function substrings(sentences: Sentences, maxLength: number): Substrings {
  const { characters } = sentences;
  const order = sortSuffixes(characters, maxLength);
  const weights = weightByPlace(sentences);
  const found: Substrings = { starts: [], lengths: [], scores: [] };
  const add = (start: number, length: number, count: number) => {
    if (length < 2 || count < 2) return;
    found.starts.push(start);
    found.lengths.push(length);
    found.scores.push(count * length);
  };
  const openLengths: number[] = [];
  const openCounts: number[] = [];
  let shared = 0;
  for (let index = 0; index < order.length; index++) {
    const at = order[index] as number;
    const weight = weights[at] as number;
    const next = index + 1 < order.length ? sharedLength(characters, at, order[index + 1] as number, maxLength) : 0;
    const whole = lengthToEnd(characters, at, maxLength);
    if (whole > Math.max(shared, next)) add(at, whole, weight);
    let count = weight;
    while (openLengths.length > 0 && (openLengths.at(-1) as number) > next) {
      count += openCounts.pop() as number;
      add(at, openLengths.pop() as number, count);
    }
    if (openLengths.at(-1) === next) openCounts[openCounts.length - 1] = (openCounts.at(-1) as number) + count;
    else if (next > 0) {
      openLengths.push(next);
      openCounts.push(count);
    }
    shared = next;
  }
  return found;
}

/** Characters that two suffixes share before either piece ends, up to `most`. */
function sharedLength(characters: Int32Array, a: number, b: number, most: number): number {
  let length = 0;
  while (length < most && characters[a + length] !== 0 && characters[a + length] === characters[b + length]) length++;
  return length;
}

/** Characters to the piece's end, up to `most`. */
function lengthToEnd(characters: Int32Array, at: number, most: number): number {
  let length = 0;
  while (length < most && characters[at + length] !== 0) length++;
  return length;
}

function weightByPlace({ characters, starts, weights }: Sentences): Float64Array {
  const byPlace = new Float64Array(characters.length);
  for (let sentence = 0; sentence < weights.length; sentence++) byPlace.fill(weights[sentence] as number, starts[sentence], starts[sentence + 1]);
  return byPlace;
}

function characterCounts(sentences: Sentences): { counts: Float64Array; firsts: Int32Array } {
  const counts = new Float64Array(sentences.alphabet.length);
  const firsts = new Int32Array(sentences.alphabet.length);
  const weights = weightByPlace(sentences);
  for (let at = sentences.characters.length - 1; at >= 0; at--) {
    const character = sentences.characters[at] as number;
    counts[character] = (counts[character] as number) + (weights[at] as number);
    firsts[character] = at;
  }
  return { counts, firsts };
}

/** The best by score, in their order of place; of equals the one that sorts first. */
function best({ scores }: Substrings, most: number): number[] {
  const all = scores.map((_, index) => index);
  if (all.length <= most) return all;
  return all
    .toSorted((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, most)
    .toSorted((a, b) => a - b);
}
