/** Numbers, smallest first. */
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
    for (let at = (this.size >> 1) - 1; at >= 0; at--) this.#sink(at, this.#entries[at] as number);
  }

  push(entry: number): void {
    if (this.size === this.#entries.length) this.#grow();
    const entries = this.#entries;
    let at = this.size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
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
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && (entries[child + 1] as number) < (entries[child] as number)) child++;
      if ((entries[child] as number) >= entry) break;
      entries[at] = entries[child] as number;
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
