import type { Expressions, Node } from "../expressions/index.ts";
import type { Tries } from "../vocabulary/trie.ts";
import { IdList } from "./id-list.ts";
import type { Units } from "./units.ts";

/** What a walk below a place of a trie found. */
export interface Found {
  /** Tokens that may come. */
  tokens: Int32Array;
  /** Places at which the state's text may end and tokens go on. */
  exits: Int32Array;
}

/** What a walk finds on its way. */
export interface Finds {
  tokens: IdList;
  /** Absent where nothing stands after the state. */
  exits?: IdList;
}

/** Subtrees with fewer places are walked again rather than remembered. */
export const worthKeeping = 192;

/** Walks tries with a state: which tokens below a place may come. What it finds for a unit below a large place is remembered. */
export class Walker {
  readonly #expressions: Expressions;
  readonly #tries: Tries;
  readonly #units: Units;
  readonly #worthKeeping: number;
  readonly #known = new Map<number, Found>();
  /** The state at each depth of the present walk. */
  readonly #states: Int32Array;
  /** Bytes of what is remembered. */
  bytes = 0;

  constructor(expressions: Expressions, tries: Tries, units: Units, least = worthKeeping) {
    this.#expressions = expressions;
    this.#tries = tries;
    this.#units = units;
    this.#worthKeeping = least;
    this.#states = new Int32Array(2 + tries.longest.reduce((most, length) => Math.max(most, length), 0));
  }

  forget(): void {
    this.#known.clear();
    this.bytes = 0;
  }

  /** What of the tokens below `place` may come in state `node`, which is not `nothing`. */
  below(node: Node, place: number, finds: Finds): void {
    const { end } = this.#tries;
    if ((end[place] as number) - place < this.#worthKeeping) {
      this.#walk(node, place, finds);
      return;
    }
    const cut = this.#units.cut(node);
    if (!cut) {
      this.#walk(node, place, finds);
      return;
    }
    const { tokens, exits } = this.found(cut.unit, place);
    finds.tokens.append(tokens);
    for (const exit of exits) {
      if (finds.exits && this.#expressions.nullable(cut.tail)) finds.exits.push(exit);
      this.below(cut.tail, exit, finds);
    }
  }

  /** The same, remembered, with the places where the unit may end. */
  found(unit: Node, place: number): Found {
    const key = unit * this.#tries.byte.length + place;
    let found = this.#known.get(key);
    if (!found) {
      const finds = { tokens: new IdList(), exits: new IdList() };
      this.#walk(unit, place, finds);
      found = { tokens: finds.tokens.taken(), exits: finds.exits.taken() };
      this.#known.set(key, found);
      this.bytes += 4 * (found.tokens.length + found.exits.length) + 128;
    }
    return found;
  }

  #walk(start: Node, place: number, { tokens, exits }: Finds): void {
    const { derivatives } = this.#expressions;
    const { byte, depth, end, token } = this.#tries;
    const states = this.#states;
    const stop = end[place] as number;
    states[depth[place] as number] = start;
    let last = -1;
    let lastMayEnd = false;
    for (let i = place + 1; i < stop; ) {
      const level = depth[i] as number;
      const next = derivatives.derive(states[level - 1] as Node, byte[i] as number);
      if (next === 0) {
        i = end[i] as number;
        continue;
      }
      const id = token[i] as number;
      if (id >= 0) tokens.push(id);
      const size = (end[i] as number) - i;
      if (size === 1) {
        i++;
        continue;
      }
      if (exits) {
        if (next !== last) {
          last = next;
          lastMayEnd = derivatives.nullable(next);
        }
        if (lastMayEnd) exits.push(i);
      }
      if (next === 1) i = end[i] as number;
      else if (size >= this.#worthKeeping) {
        this.below(next, i, exits ? { tokens, exits } : { tokens });
        i = end[i] as number;
      } else {
        states[level] = next;
        i++;
      }
    }
  }
}
