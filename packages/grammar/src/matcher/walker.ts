import type { Expressions, Node } from "../expressions/index.ts";
import type { Tries } from "../vocabulary/trie.ts";
import type { Levels } from "./levels.ts";
import { Runs } from "./runs.ts";
import type { Units } from "./units.ts";

/** What a walk below a place of a trie found. */
export interface Found {
  /** Tokens that may come, as runs. */
  tokens: Int32Array;
  /** Places at which the state's text may end and tokens go on. */
  exits: Int32Array;
}

/** What a walk finds on its way. */
export interface Finds {
  tokens: Runs;
  /** Absent where nothing stands after the state. */
  exits?: number[];
}

/** Subtrees with fewer places are walked again rather than remembered. */
export const worthKeeping = 192;
/** Subtrees with fewer places are walked rather than asked for as a whole. */
const worthAsking = 24;

/** Walks tries with a state: which tokens below a place may come. What it finds for a unit below a large place is remembered. */
export class Walker {
  readonly #expressions: Expressions;
  readonly #tries: Tries;
  readonly #units: Units;
  readonly #levels: Levels;
  readonly #worthKeeping: number;
  readonly #worthAsking: number;
  readonly #known = new Map<number, Found>();
  /** The state at each depth of the present walk. */
  readonly #states: Int32Array;
  /** Bytes of what is remembered. */
  bytes = 0;

  constructor(expressions: Expressions, tries: Tries, units: Units, levels: Levels, least = worthKeeping) {
    this.#expressions = expressions;
    this.#tries = tries;
    this.#units = units;
    this.#levels = levels;
    this.#worthKeeping = least;
    this.#worthAsking = Math.min(worthAsking, least);
    this.#states = new Int32Array(2 + tries.longest.reduce((most, length) => Math.max(most, length), 0));
  }

  forget(): void {
    this.#known.clear();
    this.bytes = 0;
  }

  /** What of the tokens below `place`, one of a class's trie, may come in state `node`, which is not `nothing`. */
  below(node: Node, place: number, kind: number, finds: Finds): void {
    const { end } = this.#tries;
    const cut = (end[place] as number) - place < this.#worthKeeping ? undefined : this.#units.cut(node);
    if (!cut) {
      this.#walk(node, place, kind, finds);
      return;
    }
    const { tokens, exits } = this.#found(cut.unit, place, kind);
    finds.tokens.append(tokens);
    for (const exit of exits) {
      if (finds.exits && this.#expressions.nullable(cut.tail)) finds.exits.push(exit);
      this.below(cut.tail, exit, kind, finds);
    }
  }

  /** The same, remembered, with the places where the unit may end. */
  #found(unit: Node, place: number, kind: number): Found {
    const key = unit * this.#tries.byte.length + place;
    let found = this.#known.get(key);
    if (!found) {
      const finds = { tokens: new Runs(), exits: [] };
      this.#walk(unit, place, kind, finds);
      found = { tokens: finds.tokens.taken(), exits: Int32Array.from(finds.exits) };
      this.#known.set(key, found);
      this.bytes += 4 * (found.tokens.length + found.exits.length) + 200;
    }
    return found;
  }

  #walk(start: Node, place: number, kind: number, finds: Finds): void {
    const { depth, end, children } = this.#tries;
    const level = depth[place] as number;
    this.#states[level] = start;
    if (level > 0) {
      this.#through(place + 1, end[place] as number, kind, finds);
      return;
    }
    // A root has a child for most bytes, a state often takes a few only.
    const { sets, fronts } = this.#expressions;
    const reach = 8 * fronts.reach(start);
    for (let w = 0; w < 8; w++) {
      for (let word = sets.words[reach + w] as number; word !== 0; word &= word - 1) {
        const child = children[256 * kind + 32 * w + 31 - Math.clz32(word & -word)] as number;
        if (child === 0) continue;
        this.#states[0] = start;
        this.#through(child, end[child] as number, kind, finds);
      }
    }
  }

  /** Places from..stop (the latter not included), subtrees of one parent whose state stands at its depth. */
  #through(from: number, stop: number, kind: number, { tokens, exits }: Finds): void {
    const { derivatives, fronts } = this.#expressions;
    const { byte, depth, end, token, rank, alphabet, height } = this.#tries;
    const states = this.#states;
    let last = -1;
    let lastMayEnd = false;
    for (let i = from; i < stop; ) {
      const level = depth[i] as number;
      const next = derivatives.again(states[level - 1] as Node, byte[i] as number);
      const after = end[i] as number;
      if (next === 0) {
        i = after;
        continue;
      }
      const size = after - i;
      if (size >= this.#worthAsking && this.#levels.takesAll(next, alphabet[i] as number, height[i] as number)) {
        tokens.add(rank[i] as number, rank[after] as number);
        i = after;
        continue;
      }
      if ((token[i] as number) >= 0) tokens.add(rank[i] as number, (rank[i] as number) + 1);
      if (size === 1) {
        i++;
        continue;
      }
      if (exits) {
        if (next !== last) {
          last = next;
          lastMayEnd = fronts.nullable(next);
        }
        if (lastMayEnd) exits.push(i);
      }
      if (next === 1) i = after;
      else if (size >= this.#worthKeeping) {
        this.below(next, i, kind, exits ? { tokens, exits } : { tokens });
        i = after;
      } else {
        states[level] = next;
        i++;
      }
    }
  }
}
