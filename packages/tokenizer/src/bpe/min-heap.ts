/** Numbers, smallest first. Each has four below it, which stand side by side in memory: half as many levels, each one look. */
export class MinHeap {
  size = 0;
  #entries: Float64Array;

  constructor(capacity: number) {
    this.#entries = new Float64Array(capacity + 1);
  }

  /** Adds without keeping the order: `order` must follow. */
  append(entry: number): void {
    if (this.size === this.#entries.length) this.#grow();
    this.#entries[this.size++] = entry;
  }

  order(): void {
    for (let at = (this.size - 2) >> 2; at >= 0; at--) this.#sink(at, this.#entries[at] as number);
  }

  push(entry: number): void {
    if (this.size === this.#entries.length) this.#grow();
    const entries = this.#entries;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if ((entries[parent] as number) <= entry) break;
      entries[at] = entries[parent] as number;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): number {
    const top = this.#entries[0] as number;
    const last = this.#entries[--this.size] as number;
    if (this.size > 0) this.#sink(0, last);
    return top;
  }

  #sink(at: number, entry: number): void {
    const entries = this.#entries;
    const size = this.size;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= size) break;
      let child = first;
      let least = entries[first] as number;
      const end = Math.min(first + 4, size);
      for (let other = first + 1; other < end; other++) {
        const value = entries[other] as number;
        if (value < least) {
          least = value;
          child = other;
        }
      }
      if (least >= entry) break;
      entries[at] = least;
      at = child;
    }
    entries[at] = entry;
  }

  #grow(): void {
    const larger = new Float64Array(2 * this.#entries.length);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}
