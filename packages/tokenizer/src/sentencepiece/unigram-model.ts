import type { LatticeNode, TokenId, TokenSearch } from "@cutaway/core";
import type { ByteText, PieceModel } from "./piece-model.ts";
import type { PieceTrie } from "./piece-trie.ts";
import { TokenList } from "./token-list.ts";
import { characterLength } from "./utf8-length.ts";

export interface UnigramParts {
  trie: PieceTrie;
  /** By id: what the piece adds to the score of a path. */
  scores: Float64Array;
  /** What a character without a piece adds. */
  unknownScore: number;
  /** Absent: a text that needs it is refused. */
  unknownId?: number;
  /**
   * Whether the scores of paths are sums in 32 bits that begin again from 0 beyond ±100,000, as SentencePiece keeps them; Hugging Face and llama.cpp
   * keep 64 bits. It decides between near equals.
   */
  singlePrecision: boolean;
  /** Puts the tokens of a run of unknown characters. */
  pushUnknown: (text: ByteText, start: number, end: number, to: TokenList) => void;
  /** The error for a text that needs the unknown token where there is none. */
  noUnknown: () => Error;
}

const resetBeyond = 100_000;

/**
 * The best path through all ways to cut a text into pieces: the one of the highest sum of scores, found from left to right. Of equal ones the one
 * seen first stays: that whose last piece is the longest.
 * Wherever no piece reaches over a place, the path up to there is settled: its tokens are put, and the search begins anew with its score.
 * Time: the text's length × the longest piece's.
 * source  T. Kudo 2018, "Subword Regularization", arXiv 1804.10959; google/sentencepiece, src/unigram_model.cc of 0.2.3, EncodeOptimized
 */
export class UnigramModel implements PieceModel {
  readonly family = "unigram";
  readonly #parts: UnigramParts;
  /** By byte since the path was last settled: the score of the best path that ends there (-Infinity: none does), and the length and id of its last piece. */
  #scores = new Float64Array(1024).fill(Number.NEGATIVE_INFINITY);
  #lengths = new Int32Array(1024);
  #ids = new Int32Array(1024);
  /** Where a run of unknown characters at the end of what is settled begins; -1 without one. */
  #unknownFrom = -1;
  #isSearching = false;
  /** For a trace: hears of each piece of the path, before unknown ones are put together. */
  #onPiece: ((id: number, start: number, end: number) => void) | undefined;

  constructor(parts: UnigramParts) {
    this.#parts = parts;
  }

  encode(text: ByteText, start: number, end: number, to: TokenList, limit = Number.POSITIVE_INFINITY): void {
    const { bytes } = text;
    const { trie, scores: pieceScores, unknownScore, unknownId = -1, singlePrecision } = this.#parts;
    const { base: bases, check, ids: idsAt, root } = trie.packed;
    const rootBase = bases[root] as number;
    this.#release();
    let scores = this.#scores;
    let lengths = this.#lengths;
    let ids = this.#ids;
    scores[0] = 0;
    let settled = start;
    let reach = start;
    for (let at = start; at < end; ) {
      const lead = bytes[at] as number;
      const single = Math.min(lead < 0x80 ? 1 : characterLength(lead), end - at);
      let base = scores[at - settled] as number;
      if (singlePrecision && (base < -resetBeyond || base > resetBeyond)) {
        for (let place = at - settled; place <= reach - settled; place++) scores[place] = Math.fround((scores[place] as number) - base);
        base = 0;
      }
      let hasSingle = false;
      let parent = root;
      let child = rootBase + lead;
      for (let read = at + 1; check[child] === parent; read++) {
        const id = idsAt[child] as number;
        if (id >= 0) {
          const place = read - settled;
          if (place >= lengths.length) {
            this.#grow(place);
            scores = this.#scores;
            lengths = this.#lengths;
            ids = this.#ids;
          }
          const sum = base + (pieceScores[id] as number);
          const score = singlePrecision ? Math.fround(sum) : sum;
          if (score > (scores[place] as number)) {
            scores[place] = score;
            lengths[place] = read - at;
            ids[place] = id;
          }
          if (read - at === single) hasSingle = true;
          if (read > reach) reach = read;
        }
        if (read === end) break;
        parent = child;
        child = (bases[child] as number) + (bytes[read] as number);
      }
      if (!hasSingle) {
        const place = at + single - settled;
        if (place >= lengths.length) {
          this.#grow(place);
          scores = this.#scores;
          lengths = this.#lengths;
          ids = this.#ids;
        }
        const score = singlePrecision ? Math.fround(base + unknownScore) : base + unknownScore;
        if (score > (scores[place] as number)) {
          if (unknownId < 0) throw this.#parts.noUnknown();
          scores[place] = score;
          lengths[place] = single;
          ids[place] = unknownId;
        }
        if (at + single > reach) reach = at + single;
      }
      at += single;
      if (reach === at) {
        const carried = scores[at - settled] as number;
        this.#settle(text, settled, at, to);
        scores[0] = carried;
        settled = at;
        if (to.length > limit) break;
      }
    }
    this.#isSearching = false;
    if (this.#unknownFrom >= 0) this.#parts.pushUnknown(text, this.#unknownFrom, settled, to);
  }

  /** Follows the best path from its end, so that each place where a piece begins knows it, and puts the tokens; a run of unknown ones is put as one. */
  #settle(text: ByteText, start: number, end: number, to: TokenList): void {
    const { unknownId } = this.#parts;
    const lengths = this.#lengths;
    const ids = this.#ids;
    const last = end - start;
    for (let place = last, length = lengths[last] as number, id = ids[last] as number; place > 0; ) {
      const before = place - length;
      const nextLength = lengths[before] as number;
      const nextId = ids[before] as number;
      lengths[before] = length;
      ids[before] = id;
      place = before;
      length = nextLength;
      id = nextId;
    }
    for (let place = 0; place < last; ) {
      const id = ids[place] as number;
      const after = place + (lengths[place] as number);
      this.#onPiece?.(id, start + place, start + after);
      if (id === unknownId) {
        if (this.#unknownFrom < 0) this.#unknownFrom = start + place;
      } else {
        if (this.#unknownFrom >= 0) this.#parts.pushUnknown(text, this.#unknownFrom, start + place, to);
        this.#unknownFrom = -1;
        to.push(id, start + place, start + after);
      }
      place = after;
    }
    const scores = this.#scores;
    if (last < 32) for (let place = 0; place <= last; place++) scores[place] = Number.NEGATIVE_INFINITY;
    else scores.fill(Number.NEGATIVE_INFINITY, 0, last + 1);
  }

  trace(text: ByteText, start: number, end: number): TokenSearch {
    const { bytes } = text;
    const { trie, scores, unknownScore, unknownId, singlePrecision } = this.#parts;
    const path = new Map<number, { id: number; end: number }>();
    this.#onPiece = (id, at, end) => path.set(at, { id, end });
    try {
      this.encode(text, start, end, new TokenList());
    } finally {
      this.#onPiece = undefined;
    }
    const round = singlePrecision ? Math.fround : (score: number) => score;
    const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
    const nodes: LatticeNode[] = [];
    let total = 0;
    let character = 0;
    for (let at = start; at < end; character++) {
      const single = Math.min(characterLength(bytes[at] as number), end - at);
      const onPath = path.get(at);
      const add = (length: number, score: number, id?: number) => {
        const best = onPath?.end === at + length && onPath.id === (id ?? unknownId);
        if (best) total = round(total + score);
        const place = { start: character, end: character + charactersIn(bytes, at, at + length) };
        nodes.push({ ...place, ...(id !== undefined && { id: id as TokenId }), text: utf8.decode(bytes.subarray(at, at + length)), score, best });
      };
      const found = trie.packed.matches(bytes, at, end);
      for (const [length, id] of found) add(length, scores[id] as number, id);
      if (!found.some(([length]) => length === single)) add(single, unknownScore);
      at += single;
    }
    return { by: "lattice", nodes, score: total };
  }

  #grow(place: number): void {
    const size = Math.max(place + 1, 2 * this.#lengths.length);
    const scores = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    scores.set(this.#scores);
    const lengths = new Int32Array(size);
    lengths.set(this.#lengths);
    const ids = new Int32Array(size);
    ids.set(this.#ids);
    this.#scores = scores;
    this.#lengths = lengths;
    this.#ids = ids;
  }

  /** Clean arrays for a new text: an error may have left the last one in the middle, and it may have been very long. */
  #release(): void {
    if (this.#lengths.length > 1 << 18) {
      this.#scores = new Float64Array(1024).fill(Number.NEGATIVE_INFINITY);
      this.#lengths = new Int32Array(1024);
      this.#ids = new Int32Array(1024);
    } else if (this.#isSearching) {
      this.#scores.fill(Number.NEGATIVE_INFINITY);
    }
    this.#isSearching = true;
    this.#unknownFrom = -1;
  }
}

function charactersIn(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let at = start; at < end; characters++) at += characterLength(bytes[at] as number);
  return characters;
}
