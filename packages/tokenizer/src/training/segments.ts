/** Symbols of one segment. A longer piece is cut, so that a merge inside it need not go through all of it. */
export const longestSegment = 128;

/** Words before a segment's symbols. */
export const headerWords = 4;
/** Words of a symbol: the symbol, and the number of the pair that it makes with the one behind it. */
export const symbolWords = 2;
const lowBits = 30;
const noChain = -1;

/**
 * All different pieces as symbols, one behind the other in one array, so that a merge finds in one place what it needs of a piece: a header (number of
 * symbols, weight in two words, chain), then for each symbol two words. A piece is a segment, a long one a chain of them; a segment goes by where its
 * header stands. Merging shortens a segment in place. A pair that stands across two segments of a chain belongs to the left one.
 */
export class Segments {
  cells: Int32Array;
  /** End of what is used. */
  length = 0;
  /** By chain number: the segments of the same piece on either side; -1: none. */
  readonly #before: number[] = [];
  readonly #after: number[] = [];

  /** `symbols`: how many there will be, `pieces`: of how many pieces. */
  constructor(symbols: number, pieces: number) {
    this.cells = new Int32Array(symbolWords * symbols + headerWords * (pieces + Math.ceil(symbols / longestSegment)));
  }

  /** The first `length` symbols of `piece`, which occurs `weight` times. */
  add(piece: Int32Array, length: number, weight: number): void {
    const { cells } = this;
    const isLong = length > longestSegment;
    for (let from = 0, previous = -1; from < length; from += longestSegment) {
      const part = Math.min(longestSegment, length - from);
      const segment = this.length;
      cells[segment] = part;
      cells[segment + 1] = Math.floor(weight / 2 ** lowBits);
      cells[segment + 2] = weight % 2 ** lowBits;
      cells[segment + 3] = isLong ? this.#before.push(previous) - 1 : noChain;
      if (isLong) {
        this.#after.push(-1);
        if (previous >= 0) this.#after[this.#chainOf(previous)] = segment;
      }
      let at = segment + headerWords;
      for (let index = from; index < from + part; index++) {
        cells[at] = piece[index] as number;
        cells[at + 1] = -1;
        at += symbolWords;
      }
      this.length = at;
      previous = segment;
    }
  }

  weightOf(segment: number): number {
    return (this.cells[segment + 1] as number) * 2 ** lowBits + (this.cells[segment + 2] as number);
  }

  /** The segment before (after) this one in the same piece, -1 where the piece begins (ends). */
  before(segment: number): number {
    const chain = this.#chainOf(segment);
    return chain === noChain ? -1 : (this.#before[chain] as number);
  }

  after(segment: number): number {
    const chain = this.#chainOf(segment);
    return chain === noChain ? -1 : (this.#after[chain] as number);
  }

  /** Takes away the first symbol of a segment, which was merged into the one before it. */
  takeFirst(segment: number): void {
    const { cells } = this;
    const start = segment + headerWords;
    const left = (cells[segment] as number) - 1;
    cells.copyWithin(start, start + symbolWords, start + symbolWords * (left + 1));
    cells[segment] = left;
    if (left > 0) return;
    const before = this.before(segment);
    const after = this.after(segment);
    if (before >= 0) this.#after[this.#chainOf(before)] = after;
    if (after >= 0) this.#before[this.#chainOf(after)] = before;
  }

  #chainOf(segment: number): number {
    return this.cells[segment + 3] as number;
  }
}
