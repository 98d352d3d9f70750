/** Where a text's tokens stand, and the characters of the word being read. UTF-16 units of the text as given. */
export class Places {
  /** Start and end by token, over the whole text. */
  #tokens = new Uint32Array(1024);
  #count = 0;
  /** Start and end by character of the word. */
  #characters = new Uint32Array(256);
  #read = 0;

  character(from: number, to: number): void {
    if (this.#read === this.#characters.length) this.#characters = larger(this.#characters);
    this.#characters[this.#read] = from;
    this.#characters[this.#read + 1] = to;
    this.#read += 2;
  }

  /** A token of the word's characters from `first` to before `end`. */
  add(first: number, end: number): void {
    this.token(this.#characters[2 * first] as number, this.#characters[2 * end - 1] as number);
  }

  /** A token that is no part of a word. */
  token(start: number, end: number): void {
    if (this.#count === this.#tokens.length) this.#tokens = larger(this.#tokens);
    this.#tokens[this.#count] = start;
    this.#tokens[this.#count + 1] = end;
    this.#count += 2;
  }

  endWord(): void {
    this.#read = 0;
  }

  /** Forgets everything. */
  clear(): void {
    this.#count = 0;
    this.#read = 0;
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
