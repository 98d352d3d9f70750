import type { Span } from "@cutaway/core";

/** The number of tokens above which a long text's memory is given back. */
const keptTokens = 1 << 19;

/**
 * Where a text's tokens stand. Of the word being read only the characters are noted that do not follow the one before as that followed the one before it;
 * where any other stands, and what a token covers, follows from these. What is counted, units or bytes, is the caller's choice.
 */
export class Places {
  /** By token. */
  #starts = new Uint32Array(1024);
  #ends = new Uint32Array(1024);
  /** Number of tokens. */
  count = 0;
  /** Of the word: a character's number, where it starts, and its width, which those after it have as well. */
  #marks = new Uint32Array(768);
  #marked = 0;
  #at = 0;

  /** The character with this number in the word starts at `from`; it and those after it, up to the next that is marked, are of this width. */
  mark(character: number, from: number, width: number): void {
    if (this.#marked === this.#marks.length) this.#marks = larger(this.#marks);
    this.#marks[this.#marked] = character;
    this.#marks[this.#marked + 1] = from;
    this.#marks[this.#marked + 2] = width;
    this.#marked += 3;
  }

  /** Whether only the word's first character is marked. */
  get isPlain(): boolean {
    return this.#marked === 3;
  }

  /** A token of the word's characters from `first` to before `end`; tokens come in order. */
  add(first: number, end: number): void {
    const start = this.#startOf(first);
    const last = end - 1 === first ? start : this.#startOf(end - 1);
    this.token(start, last + (this.#marks[this.#at + 2] as number));
  }

  #startOf(character: number): number {
    const marks = this.#marks;
    while (this.#at + 3 < this.#marked && (marks[this.#at + 3] as number) <= character) this.#at += 3;
    return (marks[this.#at + 1] as number) + (character - (marks[this.#at] as number)) * (marks[this.#at + 2] as number);
  }

  /** Ends a plain word, whose pieces are `ids` from number `first` to before `last`, of so many characters as `lengths` says, with the prefix in all but the first. */
  endPlainWord(ids: Uint32Array, first: number, last: number, lengths: Int32Array, prefixLength: number): void {
    while (this.count + last - first > this.#starts.length) this.#grow();
    const starts = this.#starts;
    const ends = this.#ends;
    const width = this.#marks[2] as number;
    let at = this.#marks[1] as number;
    let to = this.count;
    let prefix = 0;
    for (let index = first; index < last; index++) {
      starts[to] = at;
      at += ((lengths[ids[index] as number] as number) - prefix) * width;
      ends[to++] = at;
      prefix = prefixLength;
    }
    this.count = to;
    this.endWord();
  }

  /** Ends a word that is one token. */
  endWholeWord(wordEnd: number): void {
    this.token(this.#marks[1] as number, wordEnd);
    this.endWord();
  }

  endWord(): void {
    this.#marked = 0;
    this.#at = 0;
  }

  token(start: number, end: number): void {
    if (this.count === this.#starts.length) this.#grow();
    this.#starts[this.count] = start;
    this.#ends[this.count++] = end;
  }

  #grow(): void {
    this.#starts = larger(this.#starts);
    this.#ends = larger(this.#ends);
  }

  /** Puts the tokens from number `first` on where `origin` says. */
  move(first: number, origin: (span: Span) => Span): void {
    for (let at = first; at < this.count; at++) {
      const { start, end } = origin({ start: this.#starts[at] as number, end: this.#ends[at] as number });
      this.#starts[at] = start;
      this.#ends[at] = end;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.count = 0;
    this.endWord();
    if (this.#starts.length <= keptTokens) return;
    this.#starts = new Uint32Array(1024);
    this.#ends = new Uint32Array(1024);
  }

  /** Starts and ends by token. */
  take(): { starts: Uint32Array; ends: Uint32Array } {
    const taken = { starts: this.#starts.slice(0, this.count), ends: this.#ends.slice(0, this.count) };
    this.clear();
    return taken;
  }
}

function larger(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(2 * array.length);
  copy.set(array);
  return copy;
}
