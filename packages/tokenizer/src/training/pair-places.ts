import { grown } from "./grown.ts";
import type { MergeQueue } from "./merge-queue.ts";
import type { PairTable } from "./pair-table.ts";

const none = 0;
const single = 1;

/**
 * In which segments pairs have come up since the last `flush`, as lists in one pool: appending allocates nothing, and the nodes of a list that was
 * read are used again. `flush` hands the lists to the queue.
 */
export class PairPlaces {
  readonly #pairs: PairTable;
  readonly #queue: MergeQueue;
  /** Two words a node: the segment, the next node (-1: the end; of a free node the next free one). */
  #nodes: Int32Array = new Int32Array(1 << 17);
  #used = 0;
  #free = -1;
  /** Two words a pair: `none`; a `single` segment and that it is one, as most pairs have; or the first node of a list and the last, + 2. */
  #lists: Int32Array = new Int32Array(1 << 15);
  readonly #touched: number[] = [];

  constructor(pairs: PairTable, queue: MergeQueue) {
    this.#pairs = pairs;
    this.#queue = queue;
  }

  /** The pair stands once more in a segment that occurs `weight` times. */
  arise(pair: number, weight: number, segment: number): void {
    const { counts } = this.#pairs;
    counts[pair] = (counts[pair] as number) + weight;
    const list = 2 * pair;
    while (list >= this.#lists.length) this.#lists = twice(this.#lists);
    const lists = this.#lists;
    const tail = lists[list + 1] as number;
    if (tail === none) {
      this.#touched.push(pair);
      lists[list] = segment;
      lists[list + 1] = single;
    } else if (tail === single) {
      if (lists[list] === segment) return;
      const first = this.#append(lists[list] as number);
      const second = this.#append(segment);
      this.#nodes[2 * first + 1] = second;
      lists[list] = first;
      lists[list + 1] = second + 2;
    } else if (this.#nodes[2 * (tail - 2)] !== segment) {
      const node = this.#append(segment);
      this.#nodes[2 * (tail - 2) + 1] = node;
      lists[list + 1] = node + 2;
    }
  }

  /** Once less; -1 is no pair. */
  vanish(pair: number, weight: number): void {
    if (pair < 0) return;
    const { counts } = this.#pairs;
    counts[pair] = (counts[pair] as number) - weight;
  }

  /** A list in the queue is its first node, or, of a single segment, -1 minus the segment. */
  flush(): void {
    for (const pair of this.#touched) {
      const head = this.#lists[2 * pair] as number;
      const isSingle = this.#lists[2 * pair + 1] === single;
      this.#lists[2 * pair + 1] = none;
      if ((this.#pairs.counts[pair] as number) > 0) this.#queue.push(pair, isSingle ? -1 - head : head);
      else for (let node = isSingle ? -1 : head; node >= 0; ) node = this.takeNext(node);
    }
    this.#touched.length = 0;
  }

  placeAt(node: number): number {
    return this.#nodes[2 * node] as number;
  }

  /** The node behind `node`, -1 at the end; `node` itself is given back. */
  takeNext(node: number): number {
    const next = this.#nodes[2 * node + 1] as number;
    this.#nodes[2 * node + 1] = this.#free;
    this.#free = node;
    return next;
  }

  #append(segment: number): number {
    let node = this.#free;
    if (node >= 0) this.#free = this.#nodes[2 * node + 1] as number;
    else {
      node = this.#used++;
      if (2 * node === this.#nodes.length) this.#nodes = twice(this.#nodes);
    }
    this.#nodes[2 * node] = segment;
    this.#nodes[2 * node + 1] = -1;
    return node;
  }
}

const twice = (numbers: Int32Array) => grown(numbers, new Int32Array(2 * numbers.length));
