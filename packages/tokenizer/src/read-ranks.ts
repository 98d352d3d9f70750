import { CutawayError } from "@cutaway/core";
import { maxTokenId, Vocabulary } from "./bpe/vocabulary.ts";

const space = 0x20;
const exclamationMark = 0x21;

/**
 * Reads a list of tokens by rank, as tiktoken publishes them. Two forms, told apart by their first byte:
 * lines `BASE64 RANK` (`*.tiktoken` files), and runs `! FIRST_RANK BASE64 BASE64 …` (the npm package's compact form).
 * throws `bad-vocabulary` for anything else, naming the byte at which it was noticed.
 */
export function readRanks(file: Uint8Array, name: string): Vocabulary {
  const compact = file[0] === exclamationMark;
  const arena = new Uint8Array((file.length >> 2) * 3 + 8);
  // In the order of the file; ranks come in order in every published one, and need not. A token takes at least 5 bytes of it.
  const ranks = new Int32Array(Math.floor(file.length / 5) + 1);
  const ends = new Int32Array(ranks.length);
  let tokens = 0;
  let used = 0;
  let ids = 0;
  let inOrder = true;

  // One loop over the file without a call in it that matters: this is the larger part of the time until the first token.
  let rank = 0;
  let at = wordStart(file, 0);
  while (at < file.length) {
    if (compact && file[at] === exclamationMark) {
      const run = wordStart(file, at + 1);
      at = wordEnd(file, run);
      rank = readRank(file, run, at, name);
    } else {
      const start = at;
      let padding = 0;
      let invalid = 0;
      while (at < file.length && (file[at] as number) > space) {
        const third = file[at + 2];
        const fourth = file[at + 3];
        const a = sextets[file[at] as number] as number;
        const b = sextets[file[at + 1] as number] as number;
        const c = third === equalsSign && fourth === equalsSign ? 0 : (sextets[third as number] as number);
        const d = fourth === equalsSign ? 0 : (sextets[fourth as number] as number);
        invalid |= a | b | c | d | -padding;
        padding = fourth !== equalsSign ? 0 : third === equalsSign ? 2 : 1;
        arena[used] = (a << 2) | (b >> 4);
        arena[used + 1] = (b << 4) | (c >> 2);
        arena[used + 2] = (c << 6) | d;
        used += 3;
        at += 4;
      }
      used -= padding;
      // Past the end of the file, and past the table, `undefined` was read: no base64 either.
      if (invalid < 0 || at > file.length) throw bad(name, "a token is not base64", start);
      if (!compact) {
        const digits = wordStart(file, at);
        at = wordEnd(file, digits);
        rank = readRank(file, digits, at, name);
      }
      if (rank !== tokens) inOrder = false;
      ranks[tokens] = rank;
      ends[tokens++] = used;
      if (rank >= ids) ids = rank + 1;
      rank++;
    }
    at = wordStart(file, at);
  }
  if (tokens === 0) throw bad(name, "there is no token in it", 0);
  if (ids > 2 * tokens + 100_000) throw bad(name, `it has ${tokens} tokens, yet ranks up to ${ids - 1}`, file.length);

  const { starts, lengths } = inOrder ? placesInOrder(ranks, ends, tokens) : placesByRank(ranks, ends, tokens, ids);
  const twice = lengths.indexOf(givenTwice);
  if (twice >= 0) throw bad(name, `rank ${twice} is given twice`, file.length);
  const vocabulary = new Vocabulary({ arena: arena.subarray(0, used + 4), starts, lengths });
  if (vocabulary.duplicate >= 0) throw bad(name, `the bytes of rank ${vocabulary.duplicate} have another rank too`, file.length);
  return vocabulary;
}

interface TokenPlaces {
  starts: Int32Array;
  lengths: Int32Array;
}

/** Where token and rank count alike, the memory that held the ends and the ranks holds the starts and the lengths then. */
function placesInOrder(ranks: Int32Array, ends: Int32Array, tokens: number): TokenPlaces {
  for (let token = tokens - 1; token >= 0; token--) {
    const start = token === 0 ? 0 : (ends[token - 1] as number);
    ranks[token] = (ends[token] as number) - start;
    ends[token] = start;
  }
  return { starts: ends.subarray(0, tokens), lengths: ranks.subarray(0, tokens) };
}

/** For the length of a token whose rank another has. */
const givenTwice = -1;

function placesByRank(ranks: Int32Array, ends: Int32Array, tokens: number, ids: number): TokenPlaces {
  const starts = new Int32Array(ids).fill(-1);
  const lengths = new Int32Array(ids);
  for (let token = 0, start = 0; token < tokens; token++) {
    const id = ranks[token] as number;
    const end = ends[token] as number;
    lengths[id] = (starts[id] as number) >= 0 ? givenTwice : end - start;
    starts[id] = start;
    start = end;
  }
  return { starts, lengths };
}

function wordStart(file: Uint8Array, at: number): number {
  while (at < file.length && (file[at] as number) <= space) at++;
  return at;
}

function wordEnd(file: Uint8Array, at: number): number {
  while (at < file.length && (file[at] as number) > space) at++;
  return at;
}

function readRank(file: Uint8Array, start: number, end: number, name: string): number {
  let rank = 0;
  for (let at = start; at < end; at++) {
    const digit = (file[at] as number) - 0x30;
    rank = rank * 10 + digit;
    if (digit < 0 || digit > 9 || rank > maxTokenId) throw bad(name, "a rank is not a number in range", start);
  }
  if (end === start) throw bad(name, "a rank is missing", start);
  return rank;
}

const sextets = new Int8Array(256).fill(-1);
for (const [value, character] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
  sextets[character.charCodeAt(0)] = value;
const equalsSign = 0x3d;

function bad(name: string, what: string, at: number): CutawayError {
  return new CutawayError("bad-vocabulary", `${name} is not a list of token ranks: ${what} (byte ${at})`, {
    fix: "Give a .tiktoken file: one line per token, its bytes in base64 and its rank.",
    data: { name, at },
  });
}
