/** Beyond this many tokens the room is given back after use. */
const keptTokens = 1 << 22;
const keptRanges = 1 << 20;

/** Tokens as they are found: their ids, and the bytes of the normalised text that each covers. Used again for the next text. */
export class TokenList {
  ids = new Uint32Array(1024);
  /** As long as `ids` while ranges are kept. */
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  length = 0;
  #keepsRanges = true;

  /** Whether the ranges are wanted; without them only the ids are kept. To be set while the list is empty. */
  get keepsRanges(): boolean {
    return this.#keepsRanges;
  }

  set keepsRanges(keeps: boolean) {
    this.#keepsRanges = keeps;
    if (keeps) this.reserve(0);
  }

  push(id: number, start: number, end: number): void {
    if (this.length === this.ids.length) this.reserve(1);
    if (this.#keepsRanges) {
      this.starts[this.length] = start;
      this.ends[this.length] = end;
    }
    this.ids[this.length++] = id;
  }

  reserve(more: number): void {
    const needed = this.length + more;
    const { length } = this;
    if (needed > this.ids.length) this.ids = grown(this.ids, length, new Uint32Array(Math.max(needed, 2 * this.ids.length)));
    if (!this.#keepsRanges || this.starts.length >= this.ids.length) return;
    this.starts = grown(this.starts, length, new Int32Array(this.ids.length));
    this.ends = grown(this.ends, length, new Int32Array(this.ids.length));
  }

  clear(): void {
    this.length = 0;
    if (this.ids.length > keptTokens) this.ids = new Uint32Array(1024);
    if (this.starts.length <= keptRanges) return;
    this.starts = new Int32Array(1024);
    this.ends = new Int32Array(1024);
    this.keepsRanges = this.#keepsRanges;
  }
}

function grown<T extends Uint32Array | Int32Array>(from: T, length: number, to: T): T {
  to.set(from.subarray(0, length));
  return to;
}
