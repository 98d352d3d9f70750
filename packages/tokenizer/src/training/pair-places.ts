import type { MergeQueue } from "./merge-queue.ts";
import type { PairTable } from "./pair-table.ts";

/**
 * In which segments pairs have come up since the last `flush`, as lists in one pool: appending allocates nothing, and the nodes of a list that was
 * read are used again. `flush` hands the lists to the queue.
 */
export class PairPlaces {
  readonly #pairs: PairTable;
  readonly #queue: MergeQueue;
  #segments = new Int32Array(1 << 16);
  #next = new Int32Array(1 << 16);
  #used = 0;
  #free = -1;
  /** By pair: the first and the last node of its list, + 1; 0 is none. */
  #heads = new Int32Array(1 << 14);
  #tails = new Int32Array(1 << 14);
  readonly #touched: number[] = [];

  constructor(pairs: PairTable, queue: MergeQueue) {
    this.#pairs = pairs;
    this.#queue = queue;
  }

  /** The pair stands once more in a segment that occurs `weight` times. */
  arise(pair: number, weight: number, segment: number): void {
    const { counts } = this.#pairs;
    counts[pair] = (counts[pair] as number) + weight;
    if (pair >= this.#heads.length) this.#reserve();
    const tail = (this.#tails[pair] as number) - 1;
    if (tail < 0) {
      this.#touched.push(pair);
      this.#heads[pair] = this.#tails[pair] = this.#append(segment) + 1;
    } else if (this.#segments[tail] !== segment) {
      const node = this.#append(segment);
      this.#next[tail] = node;
      this.#tails[pair] = node + 1;
    }
  }

  /** Once less; -1 is no pair. */
  vanish(pair: number, weight: number): void {
    if (pair < 0) return;
    const { counts } = this.#pairs;
    counts[pair] = (counts[pair] as number) - weight;
  }

  flush(): void {
    for (const pair of this.#touched) {
      const head = (this.#heads[pair] as number) - 1;
      this.#heads[pair] = this.#tails[pair] = 0;
      if ((this.#pairs.counts[pair] as number) > 0) this.#queue.push(pair, head);
      else for (let node = head; node >= 0; ) node = this.takeNext(node);
    }
    this.#touched.length = 0;
  }

  placeAt(node: number): number {
    return this.#segments[node] as number;
  }

  /** The node behind `node`, -1 at the end; `node` itself is given back. */
  takeNext(node: number): number {
    const next = this.#next[node] as number;
    this.#next[node] = this.#free;
    this.#free = node;
    return next;
  }

  #append(segment: number): number {
    let node = this.#free;
    if (node >= 0) this.#free = this.#next[node] as number;
    else {
      node = this.#used++;
      if (node === this.#segments.length) {
        this.#segments = twice(this.#segments);
        this.#next = twice(this.#next);
      }
    }
    this.#segments[node] = segment;
    this.#next[node] = -1;
    return node;
  }

  #reserve(): void {
    this.#heads = twice(this.#heads);
    this.#tails = twice(this.#tails);
  }
}

function twice(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * numbers.length);
  larger.set(numbers);
  return larger;
}
