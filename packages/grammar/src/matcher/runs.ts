/** Runs of tokens in the order of the tries: from, to (the latter not included), from, to … */
export class Runs {
  ends = new Int32Array(64);
  /** Twice the number of runs. */
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** A run that follows the last one goes on with it. */
  add(from: number, to: number): void {
    if (from === to) return;
    if (this.count > 0 && this.ends[this.count - 1] === from) {
      this.ends[this.count - 1] = to;
      return;
    }
    if (this.count + 2 > this.ends.length) this.#grow(this.count + 2);
    this.ends[this.count++] = from;
    this.ends[this.count++] = to;
  }

  append(ends: Int32Array): void {
    if (this.count + ends.length > this.ends.length) this.#grow(this.count + ends.length);
    this.ends.set(ends, this.count);
    this.count += ends.length;
  }

  taken(): Int32Array {
    return this.ends.slice(0, this.count);
  }

  #grow(least: number): void {
    const grown = new Int32Array(Math.max(2 * this.ends.length, least));
    grown.set(this.ends);
    this.ends = grown;
  }
}
