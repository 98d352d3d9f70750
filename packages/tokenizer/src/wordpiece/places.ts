/** Where a text's tokens stand, and the characters of the word being read. UTF-16 units of the text as given. */
export class Places {
  /** By token, over the whole text. */
  starts: number[] = [];
  ends: number[] = [];
  #from: number[] = [];
  #to: number[] = [];

  character(from: number, to: number): void {
    this.#from.push(from);
    this.#to.push(to);
  }

  /** A token of the word's characters from `first` to before `end`. */
  add(first: number, end: number): void {
    this.starts.push(this.#from[first] as number);
    this.ends.push(this.#to[end - 1] as number);
  }

  /** A token that is no part of a word. */
  token(start: number, end: number): void {
    this.starts.push(start);
    this.ends.push(end);
  }

  endWord(): void {
    this.#from = [];
    this.#to = [];
  }

  /** Forgets everything. */
  clear(): void {
    this.starts = [];
    this.ends = [];
    this.endWord();
  }
}
