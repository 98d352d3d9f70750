import type { Span } from "@cutaway/core";

/** Tokens `a` of one sequence give way to tokens `b` of the other; one of the two ranges may be empty. */
export interface Replacement {
  a: Span;
  b: Span;
}

export interface EditScript {
  /** In order and apart: between two of them, before the first and after the last the sequences are equal. */
  replacements: Replacement[];
  /** False where the sequences are so large and so different that the search was cut short: the script is right, and may be longer than it need be. */
  minimal: boolean;
}

/** Inner steps of the search that a whole comparison may take, about a second. Sequences of up to 22,000 tokens together always end within it. */
const mostSteps = 250_000_000;

/**
 * The least that must be deleted and inserted to turn one sequence into the other, in linear space.
 * a, b  ids, any length: two sequences of 100,000 ids are compared exactly where they differ in at most some 2,500 places, and within `steps` in any case.
 * source  Myers 1986, "An O(ND) difference algorithm and its variations", sections 4b; ids that only one side has are set aside first, which loses nothing.
 */
export function editScript(a: ArrayLike<number>, b: ArrayLike<number>, steps = mostSteps): EditScript {
  const [inA, inB] = [new Set(Array.from(a)), new Set(Array.from(b))];
  const x = sharedWith(inB, a);
  const y = sharedWith(inA, b);
  const comparison = new Comparison(x.ids, y.ids, steps);
  comparison.compare(0, x.ids.length, 0, y.ids.length);
  for (const [place, changed] of comparison.changedX.entries()) if (changed === 0) x.changed[x.places[place] as number] = 0;
  for (const [place, changed] of comparison.changedY.entries()) if (changed === 0) y.changed[y.places[place] as number] = 0;
  return { replacements: replacementsOf(x.changed, y.changed), minimal: comparison.minimal };
}

/** The ids of `a` after the script: those of `b`. */
export function applyScript(a: ArrayLike<number>, b: ArrayLike<number>, replacements: readonly Replacement[]): number[] {
  const ids: number[] = [];
  let at = 0;
  for (const replacement of replacements) {
    for (; at < replacement.a.start; at++) ids.push(a[at] as number);
    for (let from = replacement.b.start; from < replacement.b.end; from++) ids.push(b[from] as number);
    at = replacement.a.end;
  }
  for (; at < a.length; at++) ids.push(a[at] as number);
  return ids;
}

/** The ids that the other side has too, and where they stand. All count as changed until they are matched. */
function sharedWith(other: ReadonlySet<number>, ids: ArrayLike<number>): { ids: Uint32Array; places: Uint32Array; changed: Uint8Array } {
  const places: number[] = [];
  for (let at = 0; at < ids.length; at++) if (other.has(ids[at] as number)) places.push(at);
  return { ids: Uint32Array.from(places, (at) => ids[at] as number), places: Uint32Array.from(places), changed: new Uint8Array(ids.length).fill(1) };
}

function replacementsOf(changedA: Uint8Array, changedB: Uint8Array): Replacement[] {
  const replacements: Replacement[] = [];
  let i = 0;
  let j = 0;
  while (i < changedA.length || j < changedB.length) {
    const start = { a: i, b: j };
    while (changedA[i] === 1) i++;
    while (changedB[j] === 1) j++;
    if (i > start.a || j > start.b) replacements.push({ a: { start: start.a, end: i }, b: { start: start.b, end: j } });
    while (i < changedA.length && changedA[i] === 0 && changedB[j] === 0) {
      i++;
      j++;
    }
  }
  return replacements;
}

/** Divides at a point that a shortest path passes, found from both ends at once, until nothing is left to divide. */
class Comparison {
  minimal = true;
  readonly changedX: Uint8Array;
  readonly changedY: Uint8Array;
  readonly #x: Uint32Array;
  readonly #y: Uint32Array;
  /** By diagonal x − y: how far in x a path from the start (from the end) has come. */
  readonly #ahead: Int32Array;
  readonly #back: Int32Array;
  readonly #zero: number;
  /** Differences after which a search is cut short; it has come at least as far then, so that all searches together keep to the steps. */
  readonly #most: number;

  constructor(x: Uint32Array, y: Uint32Array, steps: number) {
    this.#x = x;
    this.#y = y;
    this.changedX = new Uint8Array(x.length);
    this.changedY = new Uint8Array(y.length);
    this.#zero = y.length + 1;
    this.#ahead = new Int32Array(x.length + y.length + 3);
    this.#back = new Int32Array(x.length + y.length + 3);
    this.#most = Math.max(256, Math.floor(steps / (x.length + y.length + 1)));
  }

  compare(fromX: number, toX: number, fromY: number, toY: number): void {
    while (fromX < toX && fromY < toY && this.#x[fromX] === this.#y[fromY]) {
      fromX++;
      fromY++;
    }
    while (fromX < toX && fromY < toY && this.#x[toX - 1] === this.#y[toY - 1]) {
      toX--;
      toY--;
    }
    if (fromX === toX) this.changedY.fill(1, fromY, toY);
    else if (fromY === toY) this.changedX.fill(1, fromX, toX);
    else {
      const [x, y] = this.#middle(fromX, toX, fromY, toY);
      this.compare(fromX, x, fromY, y);
      this.compare(x, toX, y, toY);
    }
  }

  #middle(fromX: number, toX: number, fromY: number, toY: number): [x: number, y: number] {
    const [xs, ys, ahead, back, zero] = [this.#x, this.#y, this.#ahead, this.#back, this.#zero];
    const least = fromX - toY;
    const most = toX - fromY;
    const first = fromX - fromY;
    const last = toX - toY;
    const meetsAhead = ((first - last) & 1) !== 0;
    let [aheadLow, aheadHigh, backLow, backHigh] = [first, first, last, last];
    ahead[zero + first] = fromX;
    back[zero + last] = toX;
    for (let differences = 1; ; differences++) {
      if (aheadLow > least) ahead[zero + --aheadLow - 1] = -1;
      else aheadLow++;
      if (aheadHigh < most) ahead[zero + ++aheadHigh + 1] = -1;
      else aheadHigh--;
      for (let diagonal = aheadHigh; diagonal >= aheadLow; diagonal -= 2) {
        const left = ahead[zero + diagonal - 1] as number;
        const right = ahead[zero + diagonal + 1] as number;
        let x = left < right ? right : left + 1;
        let y = x - diagonal;
        while (x < toX && y < toY && xs[x] === ys[y]) {
          x++;
          y++;
        }
        ahead[zero + diagonal] = x;
        if (meetsAhead && diagonal >= backLow && diagonal <= backHigh && (back[zero + diagonal] as number) <= x) return [x, y];
      }
      if (backLow > least) back[zero + --backLow - 1] = beyond;
      else backLow++;
      if (backHigh < most) back[zero + ++backHigh + 1] = beyond;
      else backHigh--;
      for (let diagonal = backHigh; diagonal >= backLow; diagonal -= 2) {
        const left = back[zero + diagonal - 1] as number;
        const right = back[zero + diagonal + 1] as number;
        let x = left < right ? left : right - 1;
        let y = x - diagonal;
        while (x > fromX && y > fromY && xs[x - 1] === ys[y - 1]) {
          x--;
          y--;
        }
        back[zero + diagonal] = x;
        if (!meetsAhead && diagonal >= aheadLow && diagonal <= aheadHigh && x <= (ahead[zero + diagonal] as number)) return [x, y];
      }
      if (differences >= this.#most) {
        this.minimal = false;
        return this.#furthest(fromX, toX, fromY, toY, aheadLow, aheadHigh);
      }
    }
  }

  /** Where the search from the start has come furthest. */
  #furthest(fromX: number, toX: number, fromY: number, toY: number, low: number, high: number): [x: number, y: number] {
    let best: [x: number, y: number] = [fromX, fromY];
    for (let diagonal = high; diagonal >= low; diagonal -= 2) {
      const x = Math.min(this.#ahead[this.#zero + diagonal] as number, toX, toY + diagonal);
      if (x - diagonal >= fromY && 2 * x - diagonal > best[0] + best[1]) best = [x, x - diagonal];
    }
    return best;
  }
}

const beyond = 0x7fff_ffff;
