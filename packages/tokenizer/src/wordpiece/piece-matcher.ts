import { CONTINUED, NONE, type PieceTrie, START } from "./piece-trie.ts";
import type { Places } from "./places.ts";
import type { WordPieceModel } from "./wordpiece-model.ts";

/** The buffer above which a long text's memory is given back. */
const keptIds = 1 << 18;

/** Reads words symbol by symbol and gathers the ids of their longest matches. */
export class PieceMatcher {
  /** Ids so far, those of the word being read included. */
  count = 0;
  /** Characters of the word being read. */
  characters = 0;
  #ids = new Uint32Array(1024);
  #node = START;
  /** `count` where the word began. */
  #first = 0;
  readonly #model: WordPieceModel;
  readonly #trie: PieceTrie;
  readonly #most: number;

  constructor(model: WordPieceModel) {
    this.#model = model;
    this.#trie = model.trie;
    this.#most = model.vocabulary.maxCharacters;
  }

  /** The next character of a word; 0 for one that no piece has. */
  push(symbol: number): void {
    if (++this.characters > this.#most) this.#node = NONE;
    let node = this.#node;
    if (node === NONE) return;
    const trie = this.#trie;
    let child = trie.child(node, symbol);
    while (child === NONE) {
      const failure = trie.failure[node] as number;
      if (failure === NONE) {
        this.#node = NONE;
        return;
      }
      this.#pop(node);
      node = failure;
      child = trie.child(node, symbol);
    }
    this.#node = child;
  }

  /** Ends the word, if there is one: with `places`, where its characters stand, its tokens are placed. Its last character ends at `wordEnd`. */
  end(places?: Places, wordEnd = 0): void {
    if (this.characters === 0) return;
    let node = this.#node;
    while (node !== CONTINUED && node !== NONE) {
      const failure = this.#trie.failure[node] as number;
      if (failure !== NONE) this.#pop(node);
      node = failure;
    }
    if (node === NONE) this.#becomeUnknown();
    if (places && this.count === this.#first + 1) places.endWholeWord(wordEnd);
    else if (places) this.#placePieces(places);
    this.#node = START;
    this.#first = this.count;
    this.characters = 0;
  }

  /** A token that is no part of a word. */
  add(id: number): void {
    this.#push(id);
    this.#first = this.count;
  }

  /** Forgets everything. */
  reset(): void {
    this.#node = START;
    this.#first = 0;
    this.count = 0;
    this.characters = 0;
    if (this.#ids.length > keptIds) this.#ids = new Uint32Array(1024);
  }

  idAt(index: number): number {
    return this.#ids[index] as number;
  }

  take(): Uint32Array {
    const ids = this.#ids.slice(0, this.count);
    this.reset();
    return ids;
  }

  #becomeUnknown(): void {
    this.count = this.#first;
    this.#push(this.#model.vocabulary.unknownId);
  }

  /** Of a word of several. */
  #placePieces(places: Places): void {
    const { lengths, prefixLength } = this.#model;
    if (places.isPlain) {
      places.endPlainWord(this.#ids, this.#first, this.count, lengths, prefixLength);
      return;
    }
    let at = 0;
    for (let index = this.#first; index < this.count; index++) {
      const from = at;
      at += (lengths[this.#ids[index] as number] as number) - (at === 0 ? 0 : prefixLength);
      places.add(from, at);
    }
    places.endWord();
  }

  #pop(node: number): void {
    const { pops, popStarts, popEnds } = this.#trie;
    const end = popEnds[node] as number;
    for (let pop = popStarts[node] as number; pop < end; pop++) this.#push(pops[pop] as number);
  }

  #push(id: number): void {
    if (this.count === this.#ids.length) {
      const larger = new Uint32Array(2 * this.count);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.count++] = id;
  }
}
