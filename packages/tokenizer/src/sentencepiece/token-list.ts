/** Tokens as they are found: their ids, and the bytes of the normalised text that each covers. Used again for the next text. */
export class TokenList {
  ids = new Uint32Array(1024);
  starts = new Int32Array(1024);
  ends = new Int32Array(1024);
  length = 0;
  /** Whether the ranges are wanted; without them only the ids need to be right. */
  keepsRanges = true;

  push(id: number, start: number, end: number): void {
    if (this.length === this.ids.length) this.reserve(1);
    this.ids[this.length] = id;
    this.starts[this.length] = start;
    this.ends[this.length++] = end;
  }

  reserve(more: number): void {
    const size = this.length + more;
    if (size <= this.ids.length) return;
    this.ids = grown(this.ids, new Uint32Array(2 * size));
    this.starts = grown(this.starts, new Int32Array(2 * size));
    this.ends = grown(this.ends, new Int32Array(2 * size));
  }

  clear(): void {
    this.length = 0;
    if (this.ids.length > 1 << 20) {
      this.ids = new Uint32Array(1024);
      this.starts = new Int32Array(1024);
      this.ends = new Int32Array(1024);
    }
  }
}

function grown<T extends Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
