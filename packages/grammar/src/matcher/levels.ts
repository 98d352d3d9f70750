import { add } from "../expressions/byte-sets.ts";
import type { Expressions, Node } from "../expressions/index.ts";
import { type CharacterSet, type TextClass, textClasses } from "../vocabulary/token-classes.ts";

/** What a state says of a class's tokens by their length in characters; between the two nothing is known. */
export interface Limits {
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
/** A few characters of each set. */
const probes: Record<CharacterSet, readonly number[]> = {
  lower: [0x61, 0x7a],
  letters: [0x41, 0x7a],
  space: [0x20],
  ascii: [0x20, 0x30, 0x41, 0x7a, 0x2f],
  any: [0xe4, 0x20, 0x41, 0x7a],
};
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

const asWords = (bytes: readonly number[]): Uint32Array => {
  const words = new Uint32Array(8);
  for (const byte of bytes) add(words, byte);
  return words;
};
/** First bytes of a set's characters, eight words. */
const leads: Record<CharacterSet, Uint32Array> = {
  lower: asWords(lower),
  letters: asWords(letters),
  space: asWords([0x20]),
  ascii: asWords(ascii),
  any: asWords([...ascii, ...beyondAscii.flatMap(({ leads }) => leads)]),
};

/** More states than this after a character, and the tokens are looked at one by one. */
const mostStates = 6;
/** What takes all that comes is one state, or two in turn. */
const mostLooping = 2;

/** Sees for whole classes of tokens whether a state takes them, a character at a time. */
export class Levels {
  readonly #expressions: Expressions;
  readonly #steps = new Map<number, Step>();
  readonly #limits = new Map<number, Limits>();
  /** 1 = takes all, 2 = does not, by class and node. */
  readonly #takesAll: Uint8Array[] = textClasses.map(() => new Uint8Array(1024));

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** Whether a state within a token takes every token of the class that goes on from there, and stays so: a string without a limit. */
  takesAll(node: Node, kind: number): boolean {
    const textClass = textClasses[kind];
    if (!textClass) return false;
    let known = this.#takesAll[kind] as Uint8Array;
    if (node >= known.length) {
      const grown = new Uint8Array(Math.max(2 * known.length, node + 1));
      grown.set(known);
      this.#takesAll[kind] = grown;
      known = grown;
    }
    if (known[node] === 0) known[node] = this.#loops(node, textClass.later) ? 1 : 2;
    return known[node] === 1;
  }

  /** Every character of the set leads to a state of which the same is true. */
  #loops(start: Node, set: CharacterSet): boolean {
    const open = [start];
    for (let i = 0; i < open.length; i++) {
      const state = open[i] as Node;
      // Most states fail at some letter: seen before the whole step is made.
      for (const byte of probes[set]) if (this.#expressions.derive(state, byte) === this.#expressions.nothing) return false;
      const { next, dies } = this.#step(state, set);
      if (dies) return false;
      for (const node of next) if (!open.includes(node)) open.push(node);
      if (open.length > mostLooping) return false;
    }
    return true;
  }

  /** For the tokens of a class from their beginning. `longest`: characters of the longest one. */
  of(start: Node, kind: number, longest: number): Limits {
    const key = start * textClasses.length + kind;
    let limits = this.#limits.get(key);
    if (!limits) {
      limits = this.#limitsOf(start, textClasses[kind] as TextClass, longest);
      this.#limits.set(key, limits);
    }
    return limits;
  }

  #limitsOf(start: Node, { first, later }: TextClass, longest: number): Limits {
    const taken = this.#firstBytes(start, first);
    if (taken === "none") return { allUpTo: 0, noneFrom: 1 };
    if (taken === "some") return { allUpTo: 0, noneFrom: Number.POSITIVE_INFINITY };
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

  /** What is plain from the bytes that may come next. */
  #firstBytes(start: Node, set: CharacterSet): "none" | "some" | "perhaps all" {
    const { sets, fronts } = this.#expressions;
    const reach = 8 * fronts.reach(start);
    const words = leads[set];
    let any = false;
    let missing = false;
    for (let w = 0; w < 8; w++) {
      const wanted = words[w] as number;
      const live = (sets.words[reach + w] as number) & wanted;
      any ||= live !== 0;
      missing ||= live !== (wanted | 0);
    }
    return !any ? "none" : missing ? "some" : "perhaps all";
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
