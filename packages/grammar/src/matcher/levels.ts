import type { Expressions, Node } from "../expressions/index.ts";
import type { CharacterSet, TextClass } from "../vocabulary/token-classes.ts";

/** What a state says of a class's tokens by their length in characters; between the two nothing is known. */
export interface Levels {
  /** All tokens with up to so many characters may come. */
  allUpTo: number;
  /** No token with so many characters or more may come. */
  noneFrom: number;
}

interface Step {
  /** States after one character. */
  next: Node[];
  /** Some character of the set may not come. */
  dies: boolean;
  /** Somewhere in the character a text may end. */
  mayEnd: boolean;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const lower = range(0x61, 0x7a);
const letters = [...range(0x41, 0x5a), ...lower];
const ascii = range(0x20, 0x7f).filter((byte) => byte !== 0x22 && byte !== 0x5c);
const setsOfBytes: Record<CharacterSet, readonly number[]> = { lower, letters, space: [0x20], ascii, any: ascii };
const setNumbers: Record<CharacterSet, number> = { lower: 0, letters: 1, space: 2, ascii: 3, any: 4 };

/** Lead bytes of characters beyond ASCII, and the ranges of the bytes that follow. */
const beyondAscii: { leads: readonly number[]; following: readonly (readonly number[])[] }[] = [
  { leads: range(0xc2, 0xdf), following: [range(0x80, 0xbf)] },
  { leads: [0xe0], following: [range(0xa0, 0xbf), range(0x80, 0xbf)] },
  { leads: [...range(0xe1, 0xec), 0xee, 0xef], following: [range(0x80, 0xbf), range(0x80, 0xbf)] },
  { leads: [0xed], following: [range(0x80, 0x9f), range(0x80, 0xbf)] },
  { leads: [0xf0], following: [range(0x90, 0xbf), range(0x80, 0xbf), range(0x80, 0xbf)] },
  { leads: range(0xf1, 0xf3), following: [range(0x80, 0xbf), range(0x80, 0xbf), range(0x80, 0xbf)] },
  { leads: [0xf4], following: [range(0x80, 0x8f), range(0x80, 0xbf), range(0x80, 0xbf)] },
];

/** More states than this after a character, and the tokens are looked at one by one. */
const mostStates = 6;

/** Sees for whole classes of tokens whether a state takes them, a character at a time. */
export class LevelFinder {
  readonly #expressions: Expressions;
  readonly #steps = new Map<number, Step>();

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** `longest`: characters of the class's longest token. */
  levels(start: Node, { first, later }: TextClass, longest: number): Levels {
    let states: readonly Node[] = [start];
    let mayEnd = false;
    for (let length = 1; length <= longest; length++) {
      const next = new Set<Node>();
      let dies = false;
      for (const state of states) {
        const step = this.#step(state, length === 1 ? first : later);
        for (const node of step.next) next.add(node);
        dies ||= step.dies;
        // The text may end before this level: what then follows is not seen from here.
        mayEnd ||= step.mayEnd;
      }
      if (next.size === 0) return { allUpTo: length - 1, noneFrom: mayEnd ? Number.POSITIVE_INFINITY : length };
      // Some may come, some not.
      if (dies) return { allUpTo: length - 1, noneFrom: Number.POSITIVE_INFINITY };
      if (next.size > mostStates) return { allUpTo: length, noneFrom: Number.POSITIVE_INFINITY };
      const same = length > 1 && next.size === states.length && states.every((state) => next.has(state));
      states = [...next];
      for (const state of states) mayEnd ||= this.#expressions.nullable(state);
      // From here on every character does what the last one did.
      if (same) break;
    }
    return { allUpTo: Number.POSITIVE_INFINITY, noneFrom: Number.POSITIVE_INFINITY };
  }

  #step(state: Node, set: CharacterSet): Step {
    const key = 8 * state + setNumbers[set];
    let step = this.#steps.get(key);
    if (!step) {
      step = this.#stepAnew(state, set);
      this.#steps.set(key, step);
    }
    return step;
  }

  #stepAnew(state: Node, set: CharacterSet): Step {
    const next = new Set<Node>();
    const step: Step = { next: [], dies: false, mayEnd: false };
    this.#through(state, setsOfBytes[set], next, step);
    if (set === "any") {
      for (const { leads, following } of beyondAscii) {
        let inside = new Set<Node>();
        this.#through(state, leads, inside, step);
        following.forEach((bytes, i) => {
          const reached = i === following.length - 1 ? next : new Set<Node>();
          for (const node of inside) {
            step.mayEnd ||= this.#expressions.nullable(node);
            this.#through(node, bytes, reached, step);
          }
          inside = reached;
        });
      }
    }
    step.next = [...next];
    return step;
  }

  #through(state: Node, bytes: readonly number[], reached: Set<Node>, step: Step): void {
    let last = -1;
    for (const byte of bytes) {
      const left = this.#expressions.derive(state, byte);
      if (left === last) continue;
      last = left;
      if (left === this.#expressions.nothing) step.dies = true;
      else reached.add(left);
    }
  }
}
