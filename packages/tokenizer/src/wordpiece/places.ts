import type { Span } from "@cutaway/core";

/**
 * Where a text's tokens stand. Of the word being read only the characters are noted that do not follow the one before by one unit; where any other stands,
 * and what a token covers, follows from these.
 */
export class Places {
  /** Start and end by token. */
  #tokens = new Uint32Array(1024);
  #count = 0;
  #text = "";
  #offset = 0;
  /** Of the word: a character's number, and the unit at which it starts. */
  #marks = new Uint32Array(64);
  #marked = 0;
  #at = 0;

  /** The text whose words follow, and where it stands in the whole. */
  begin(text: string, offset: number): void {
    this.#text = text;
    this.#offset = offset;
  }

  /** The character with this number in the word starts at unit `from` of the text. */
  mark(character: number, from: number): void {
    if (this.#marked === this.#marks.length) this.#marks = larger(this.#marks);
    this.#marks[this.#marked] = character;
    this.#marks[this.#marked + 1] = from;
    this.#marked += 2;
  }

  /** A token of the word's characters from `first` to before `end`; tokens come in order. */
  add(first: number, end: number): void {
    const start = this.#unitOf(first);
    const last = end - 1 === first ? start : this.#unitOf(end - 1);
    this.token(this.#offset + start, this.#offset + last + ((this.#text.codePointAt(last) as number) > 0xffff ? 2 : 1));
  }

  #unitOf(character: number): number {
    const marks = this.#marks;
    while (this.#at + 2 < this.#marked && (marks[this.#at + 2] as number) <= character) this.#at += 2;
    return (marks[this.#at + 1] as number) + character - (marks[this.#at] as number);
  }

  endWord(): void {
    this.#marked = 0;
    this.#at = 0;
  }

  /** A token that is no part of a word. */
  token(start: number, end: number): void {
    if (this.#count === this.#tokens.length) this.#tokens = larger(this.#tokens);
    this.#tokens[this.#count] = start;
    this.#tokens[this.#count + 1] = end;
    this.#count += 2;
  }

  /** Number of tokens. */
  get count(): number {
    return this.#count / 2;
  }

  /** Puts the tokens from number `first` on where `origin` says. */
  move(first: number, origin: (span: Span) => Span): void {
    for (let at = 2 * first; at < this.#count; at += 2) {
      const { start, end } = origin({ start: this.#tokens[at] as number, end: this.#tokens[at + 1] as number });
      this.#tokens[at] = start;
      this.#tokens[at + 1] = end;
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#count = 0;
    this.endWord();
  }

  starts(): Uint32Array {
    return this.#every(0);
  }

  ends(): Uint32Array {
    return this.#every(1);
  }

  #every(first: number): Uint32Array {
    const places = new Uint32Array(this.#count / 2);
    for (let index = 0; index < places.length; index++) places[index] = this.#tokens[2 * index + first] as number;
    return places;
  }
}

function larger(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(2 * array.length);
  copy.set(array);
  return copy;
}
