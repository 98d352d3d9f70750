/** Symbols of one segment. A longer piece is cut, so that a merge inside it need not go through all of it. */
export const longestSegment = 128;

/**
 * All different pieces as symbols, one behind the other: a piece is a segment, a long one a chain of them. Merging shortens a segment in place.
 * A pair that stands across two segments of a chain belongs to the left one.
 */
export class Segments {
  size = 0;
  symbols: Int32Array;
  starts = new Int32Array(1 << 12);
  lengths = new Int32Array(1 << 12);
  /** How often the piece occurs. */
  weights = new Float64Array(1 << 12);
  /** The segments of the same piece on either side that have symbols; -1: none. */
  before = new Int32Array(1 << 12);
  after = new Int32Array(1 << 12);
  #used = 0;

  constructor(capacity: number) {
    this.symbols = new Int32Array(capacity);
  }

  /** The first `length` symbols of `piece`, which occurs `weight` times. */
  add(piece: Int32Array, length: number, weight: number): void {
    for (let from = 0; from < length; from += longestSegment) {
      const part = Math.min(longestSegment, length - from);
      if (this.size === this.starts.length) this.#grow();
      const segment = this.size++;
      this.starts[segment] = this.#used;
      this.lengths[segment] = part;
      this.weights[segment] = weight;
      this.before[segment] = from === 0 ? -1 : segment - 1;
      this.after[segment] = from + part < length ? segment + 1 : -1;
      for (let index = 0; index < part; index++) this.symbols[this.#used + index] = piece[from + index] as number;
      this.#used += part;
    }
  }

  /** The first symbol behind a segment, -1 where the piece ends. */
  symbolAfter(segment: number): number {
    const next = this.after[segment] as number;
    return next < 0 ? -1 : (this.symbols[this.starts[next] as number] as number);
  }

  /** Where the last symbol before a segment stands, -1 where the piece begins. */
  placeBefore(segment: number): number {
    const previous = this.before[segment] as number;
    return previous < 0 ? -1 : (this.starts[previous] as number) + (this.lengths[previous] as number) - 1;
  }

  /** Takes away the first symbol behind a segment, which was merged into it. */
  takeSymbolAfter(segment: number): void {
    const next = this.after[segment] as number;
    this.starts[next] = (this.starts[next] as number) + 1;
    const left = (this.lengths[next] as number) - 1;
    this.lengths[next] = left;
    if (left > 0) return;
    const beyond = this.after[next] as number;
    this.after[segment] = beyond;
    if (beyond >= 0) this.before[beyond] = segment;
  }

  #grow(): void {
    const capacity = 2 * this.starts.length;
    this.starts = grown(this.starts, new Int32Array(capacity));
    this.lengths = grown(this.lengths, new Int32Array(capacity));
    this.weights = grown(this.weights, new Float64Array(capacity));
    this.before = grown(this.before, new Int32Array(capacity));
    this.after = grown(this.after, new Int32Array(capacity));
  }
}

function grown<Numbers extends Int32Array | Float64Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
