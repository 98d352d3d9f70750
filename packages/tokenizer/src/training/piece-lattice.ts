import type { Pieces } from "./seed-pieces.ts";

/** Pieces as a tree of characters, for finding all that begin at a place. Open addressing: (node, character) → child, and the piece that ends there. */
class CharacterTree {
  #keys = new Float64Array(1 << 12).fill(-1);
  #children = new Int32Array(1 << 12);
  #mask = (1 << 12) - 1;
  #entries = 0;
  /** By node: its piece, -1 without one. Node 0 is the root. */
  pieceOf = new Int32Array(1 << 12).fill(-1);
  #nodes = 1;

  add(characters: Int32Array, start: number, length: number, piece: number): void {
    let node = 0;
    for (let at = start; at < start + length; at++) node = this.#childOrNew(node, characters[at] as number);
    this.pieceOf[node] = piece;
  }

  /** -1 where there is none. */
  child(node: number, character: number): number {
    const key = node * 0x200000 + character;
    for (let slot = hash(node, character) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const held = this.#keys[slot] as number;
      if (held === key) return this.#children[slot] as number;
      if (held < 0) return -1;
    }
  }

  #childOrNew(node: number, character: number): number {
    const found = this.child(node, character);
    if (found >= 0) return found;
    if (2 * ++this.#entries > this.#mask) this.#grow();
    const child = this.#nodes++;
    if (child >= this.pieceOf.length) {
      const larger = new Int32Array(2 * child).fill(-1);
      larger.set(this.pieceOf);
      this.pieceOf = larger;
    }
    this.#put(node * 0x200000 + character, child);
    return child;
  }

  #put(key: number, child: number): void {
    const node = Math.floor(key / 0x200000);
    let slot = hash(node, key - node * 0x200000) & this.#mask;
    while ((this.#keys[slot] as number) >= 0) slot = (slot + 1) & this.#mask;
    this.#keys[slot] = key;
    this.#children[slot] = child;
  }

  #grow(): void {
    const keys = this.#keys;
    const children = this.#children;
    this.#keys = new Float64Array(2 * keys.length).fill(-1);
    this.#children = new Int32Array(2 * keys.length);
    this.#mask = 2 * keys.length - 1;
    for (let slot = 0; slot < keys.length; slot++) if ((keys[slot] as number) >= 0) this.#put(keys[slot] as number, children[slot] as number);
  }
}

function hash(node: number, character: number): number {
  const mixed = Math.imul(node ^ Math.imul(character, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Below this, what paths weigh is scaled up, so that a long text does not round to nothing. */
const tiny = 1e-100;
const huge = 1e100;
const logHuge = Math.log(huge);

/**
 * All ways to cut a range of characters into pieces: the nodes of the lattice, their expected counts (forward–backward) and the best path (Viterbi).
 * Every character must be a piece.
 */
export class PieceLattice {
  readonly #tree = new CharacterTree();
  readonly #scores: Float64Array;
  readonly #probabilities: Float64Array;
  readonly #longest: number;
  /** Nodes by where they begin, then by length. */
  #nodeStart = new Int32Array(1 << 10);
  #nodeEnd = new Int32Array(1 << 10);
  #nodePiece = new Int32Array(1 << 10);
  #nodes = 0;
  #forward = new Float64Array(1 << 8);
  #backward = new Float64Array(1 << 8);
  /** By place, the logarithm of the scale of `#forward` and `#backward`. */
  #forwardScale = new Float64Array(1 << 8);
  #backwardScale = new Float64Array(1 << 8);
  #bestNode = new Int32Array(1 << 8);

  constructor({ characters, starts, lengths, scores }: Pieces) {
    this.#scores = scores;
    this.#probabilities = scores.map(Math.exp);
    this.#longest = lengths.reduce((most, length) => Math.max(most, length), 1);
    for (let piece = 0; piece < scores.length; piece++) this.#tree.add(characters, starts[piece] as number, lengths[piece] as number, piece);
  }

  /** Adds `weight` × the expected number of each piece to `expected`; returns the log likelihood of the range. */
  addExpected(characters: Int32Array, start: number, end: number, weight: number, expected: Float64Array): number {
    this.#fill(characters, start, end);
    const length = end - start;
    const forward = this.#forward;
    const backward = this.#backward;
    const probabilities = this.#probabilities;
    forward.fill(0, 0, length + 1);
    backward.fill(0, 0, length + 1);
    forward[0] = 1;
    backward[length] = 1;
    let scale = 0;
    let place = 0;
    this.#forwardScale[0] = 0;
    for (let node = 0; node < this.#nodes; node++) {
      const from = this.#nodeStart[node] as number;
      while (place < from) scale = this.#settleForward(++place, length, scale);
      const to = this.#nodeEnd[node] as number;
      forward[to] = (forward[to] as number) + (forward[from] as number) * (probabilities[this.#nodePiece[node] as number] as number);
    }
    while (place < length) scale = this.#settleForward(++place, length, scale);
    const likelihood = Math.log(forward[length] as number) + scale;
    scale = 0;
    place = length;
    this.#backwardScale[length] = 0;
    for (let node = this.#nodes - 1; node >= 0; node--) {
      const to = this.#nodeEnd[node] as number;
      const from = this.#nodeStart[node] as number;
      while (place > from + 1) scale = this.#settleBackward(--place, length, scale);
      backward[from] = (backward[from] as number) + (backward[to] as number) * (probabilities[this.#nodePiece[node] as number] as number);
    }
    for (let node = 0; node < this.#nodes; node++) {
      const from = this.#nodeStart[node] as number;
      const to = this.#nodeEnd[node] as number;
      const piece = this.#nodePiece[node] as number;
      const factor = Math.exp((this.#forwardScale[from] as number) + (this.#backwardScale[to] as number) - likelihood);
      expected[piece] =
        (expected[piece] as number) + weight * factor * (forward[from] as number) * (backward[to] as number) * (probabilities[piece] as number);
    }
    return likelihood;
  }

  /** The pieces of the best path, in order; the first of equals. `except`: a piece that may not be used. Undefined where no path is left. */
  bestPath(characters: Int32Array, start: number, end: number, except = -1): { pieces: number[]; score: number } | undefined {
    this.#fill(characters, start, end);
    const length = end - start;
    const best = this.#forward;
    best.fill(Number.NEGATIVE_INFINITY, 0, length + 1);
    best[0] = 0;
    for (let node = 0; node < this.#nodes; node++) {
      const piece = this.#nodePiece[node] as number;
      if (piece === except) continue;
      const to = this.#nodeEnd[node] as number;
      const score = (best[this.#nodeStart[node] as number] as number) + (this.#scores[piece] as number);
      if (score <= (best[to] as number)) continue;
      best[to] = score;
      this.#bestNode[to] = node;
    }
    if (best[length] === Number.NEGATIVE_INFINITY) return undefined;
    const pieces: number[] = [];
    for (let place = length; place > 0; place = this.#nodeStart[this.#bestNode[place] as number] as number)
      pieces.push(this.#nodePiece[this.#bestNode[place] as number] as number);
    return { pieces: pieces.reverse(), score: best[length] as number };
  }

  /** When a place's sum is complete: scales it up if it has become tiny, with the sums of the places it reaches, and notes the scale. */
  #settleForward(place: number, length: number, scale: number): number {
    const sums = this.#forward;
    const sum = sums[place] as number;
    if (sum < tiny && sum > 0) {
      const end = Math.min(place + this.#longest, length);
      for (let at = place; at <= end; at++) sums[at] = (sums[at] as number) * huge;
      scale -= logHuge;
    }
    this.#forwardScale[place] = scale;
    return scale;
  }

  /** The same from the end: places before it will ask for the sums behind it, whose scale changes with it. */
  #settleBackward(place: number, length: number, scale: number): number {
    const sums = this.#backward;
    const sum = sums[place] as number;
    this.#backwardScale[place] = scale;
    if (sum >= tiny || sum === 0) return scale;
    const end = Math.min(place + this.#longest, length);
    for (let at = place; at <= end; at++) {
      sums[at] = (sums[at] as number) * huge;
      this.#backwardScale[at] = (this.#backwardScale[at] as number) - logHuge;
    }
    return scale - logHuge;
  }

  #fill(characters: Int32Array, start: number, end: number): void {
    if (end - start + 1 > this.#forward.length) this.#reservePlaces(2 * (end - start + 1));
    let nodes = 0;
    for (let from = start; from < end; from++) {
      let node = 0;
      for (let at = from; at < end; at++) {
        node = this.#tree.child(node, characters[at] as number);
        if (node < 0) break;
        const piece = this.#tree.pieceOf[node] as number;
        if (piece < 0) continue;
        if (nodes === this.#nodeStart.length) this.#reserveNodes(2 * nodes);
        this.#nodeStart[nodes] = from - start;
        this.#nodeEnd[nodes] = at + 1 - start;
        this.#nodePiece[nodes++] = piece;
      }
    }
    this.#nodes = nodes;
  }

  #reservePlaces(size: number): void {
    this.#forward = new Float64Array(size);
    this.#backward = new Float64Array(size);
    this.#forwardScale = new Float64Array(size);
    this.#backwardScale = new Float64Array(size);
    this.#bestNode = new Int32Array(size);
  }

  #reserveNodes(size: number): void {
    this.#nodeStart = grown(this.#nodeStart, size);
    this.#nodeEnd = grown(this.#nodeEnd, size);
    this.#nodePiece = grown(this.#nodePiece, size);
  }
}

function grown(numbers: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(numbers);
  return larger;
}
