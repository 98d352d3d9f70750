import type { Expressions, Node } from "../expressions/index.ts";
import { type Alphabet, asciiWords, type ByteForm, beyondAscii, firstBytes, groupCount, other } from "../vocabulary/alphabets.ts";
import { type TextClass, textClasses } from "../vocabulary/token-classes.ts";
import { SimplerParts } from "./simpler-parts.ts";

/** What a state says of a class's tokens by their length in characters; between the two nothing is known. */
export interface Limits {
  /** All tokens with up to so many characters may come. */
  allUpTo: number;
  /** No token with so many characters or more may come. */
  noneFrom: number;
}

/** What follows a state on the characters of one group. */
interface Step {
  /** Not gone into where some may not come. */
  next: readonly Node[];
  /** Some character of the group may not come. */
  dies: boolean;
  /** Some character of the group may come, as far as its first byte tells. */
  lives: boolean;
  /** Somewhere in the character a text may end. */
  mayEnd: boolean;
}

/** For how many characters of an alphabet, whatever they are, a state goes on. */
interface Endurance {
  atLeast: number;
  atMost: number;
  /** It was not found out within the patience. */
  givenUp: boolean;
  /** None goes on for longer, or ends before; looked into where the two numbers are one. */
  ends?: boolean;
}

const firstBytesOf = textClasses.map(({ first }) => firstBytes(first));

/** Steps worked out for one question; where it takes more, tokens are looked at one by one. */
const patience = 96;

/** Sees for whole sets of tokens whether a state takes them, a character at a time. */
export class Levels {
  readonly #expressions: Expressions;
  readonly #simpler: SimplerParts;
  readonly #steps = new Map<number, Step>();
  readonly #endurances = new Map<number, Endurance>();
  readonly #limits = new Map<number, Limits>();
  /** Steps that may still be worked out. */
  #left = 0;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#simpler = new SimplerParts(expressions);
  }

  /** Whether a state within a token takes every text of up to so many characters of the alphabet. */
  takesAll(node: Node, alphabet: Alphabet, characters: number): boolean {
    if ((alphabet & other) !== 0) return false;
    this.#left = patience;
    return this.#lasts(node, alphabet, characters) >= characters;
  }

  /** For the tokens of a class from their beginning. `longest`: characters of the longest one. */
  of(start: Node, kind: number, longest: number): Limits {
    const key = start * textClasses.length + kind;
    let limits = this.#limits.get(key);
    if (!limits) {
      this.#left = patience;
      limits = this.#limitsOf(start, kind, longest);
      this.#limits.set(key, limits);
    }
    return limits;
  }

  #limitsOf(start: Node, kind: number, longest: number): Limits {
    const taken = this.#firstBytes(start, firstBytesOf[kind] as Uint32Array);
    if (taken !== "perhaps all") return { allUpTo: 0, noneFrom: taken === "none" ? 1 : Number.POSITIVE_INFINITY };
    const simpler = this.#simpler.of(start);
    if (simpler !== undefined && this.of(simpler, kind, longest).allUpTo === Number.POSITIVE_INFINITY) return this.of(simpler, kind, longest);
    const { first, later } = textClasses[kind] as TextClass;
    let all = longest;
    for (let group = 0; group < groupCount && all > 0; group++) {
      if ((first & (1 << group)) === 0) continue;
      const step = this.#step(start, group);
      if (!step || step.dies) all = 0;
      else for (const node of step.next) all = Math.min(all, 1 + this.#lasts(node, later, all - 1));
    }
    if (all >= longest) return { allUpTo: Number.POSITIVE_INFINITY, noneFrom: Number.POSITIVE_INFINITY };
    return { allUpTo: all, noneFrom: this.#endsAfter(start, first, later, all) ? all + 1 : Number.POSITIVE_INFINITY };
  }

  /** How many characters of the alphabet, whatever they are, a state takes: looked into up to `most`. Less where it cannot be found out. */
  #lasts(state: Node, alphabet: Alphabet, most: number): number {
    const key = enduranceKey(state, alphabet);
    let known = this.#endurances.get(key);
    if (!known) {
      known = { atLeast: 0, atMost: Number.POSITIVE_INFINITY, givenUp: false };
      this.#endurances.set(key, known);
    }
    if (known.atLeast >= most) return most;
    if (known.atMost === known.atLeast || known.givenUp) return known.atLeast;
    const simpler = this.#simpler.of(state);
    if (simpler !== undefined && this.#lasts(simpler, alphabet, most) >= most) {
      known.atLeast = most;
      return most;
    }
    let lasts = most;
    let forEver = true;
    for (let group = 0; group < groupCount; group++) {
      if ((alphabet & (1 << group)) === 0) continue;
      const step = this.#step(state, group);
      if (!step) {
        known.givenUp = true;
        return known.atLeast;
      }
      if (step.dies) {
        known.atMost = 0;
        return 0;
      }
      for (const node of step.next) {
        if (node === state) continue;
        const after = this.#lasts(node, alphabet, lasts - 1);
        const { atLeast, givenUp } = this.#endurances.get(enduranceKey(node, alphabet)) as Endurance;
        forEver &&= atLeast === Number.POSITIVE_INFINITY;
        if (after >= lasts - 1) continue;
        if (givenUp) {
          known.givenUp = true;
          return known.atLeast;
        }
        lasts = after + 1;
      }
    }
    known.atLeast = forEver ? Number.POSITIVE_INFINITY : Math.max(known.atLeast, lasts);
    if (lasts < most) known.atMost = lasts;
    return lasts;
  }

  /** Whether every text of the alphabets goes on for exactly so many characters, and none may end before. */
  #endsAfter(state: Node, first: Alphabet, later: Alphabet, characters: number): boolean {
    for (let group = 0; group < groupCount; group++) {
      if ((first & (1 << group)) === 0) continue;
      const step = this.#step(state, group);
      if (!step || step.mayEnd || (characters === 0 ? step.lives : step.dies)) return false;
      for (const node of step.next) if (this.#expressions.nullable(node) || !this.#innerEndsAfter(node, later, characters - 1)) return false;
    }
    return true;
  }

  #innerEndsAfter(state: Node, alphabet: Alphabet, characters: number): boolean {
    if (this.#lasts(state, alphabet, characters + 1) !== characters) return false;
    const known = this.#endurances.get(enduranceKey(state, alphabet)) as Endurance;
    if (known.atMost !== characters) return false;
    known.ends ??= this.#endsAfter(state, alphabet, alphabet, characters);
    return known.ends;
  }

  /** What is plain from the bytes that may come next. */
  #firstBytes(start: Node, wanted: Uint32Array): "none" | "some" | "perhaps all" {
    const { sets, fronts } = this.#expressions;
    const reach = 8 * fronts.reach(start);
    let any = false;
    let missing = false;
    for (let w = 0; w < 8; w++) {
      const live = ((sets.words[reach + w] as number) & (wanted[w] as number)) >>> 0;
      any ||= live !== 0;
      missing ||= live !== wanted[w];
    }
    return !any ? "none" : missing ? "some" : "perhaps all";
  }

  /** `undefined` where the patience is at its end. */
  #step(state: Node, group: number): Step | undefined {
    const key = 16 * state + group;
    let step = this.#steps.get(key);
    if (!step) {
      if (this.#left-- <= 0) return undefined;
      step = this.#stepAnew(state, group);
      this.#steps.set(key, step);
    }
    return step;
  }

  #stepAnew(state: Node, group: number): Step {
    const step = { next: [], dies: false, lives: false, mayEnd: false };
    const words = asciiWords[group];
    if (words) this.#through(state, words, step.next, step);
    else this.#beyond(state, beyondAscii, step.next, step);
    return step;
  }

  /** Through the bytes of characters beyond ASCII, up to the first that may not come. */
  #beyond(state: Node, forms: readonly ByteForm[], next: Node[], step: Step): void {
    for (const { words, following } of forms) {
      const reached: Node[] = following.length > 0 ? [] : next;
      this.#through(state, words, reached, step);
      if (step.dies && step.lives) return;
      if (following.length === 0) continue;
      for (const node of reached) {
        step.mayEnd ||= this.#expressions.nullable(node);
        this.#beyond(node, following, next, step);
      }
    }
  }

  /** Adds what follows on the bytes of a set: one byte of each class is tried. */
  #through(state: Node, set: Uint32Array, reached: Node[], step: Step): void {
    const { fronts, sets } = this.#expressions;
    const reach = 8 * fronts.reach(state);
    for (let w = 0; w < 8; w++) {
      const word = set[w] as number;
      const live = (word & (sets.words[reach + w] as number)) >>> 0;
      step.lives ||= live !== 0;
      step.dies ||= live !== word;
    }
    if (step.dies) return;
    const { samples, words } = fronts.partition(state);
    for (let i = 0; i < samples.length; i++) {
      const byte = commonByte(words, 8 * i, set);
      if (byte < 0) continue;
      const left = this.#expressions.derive(state, byte);
      if (left === this.#expressions.nothing) step.dies = true;
      else if (!reached.includes(left)) reached.push(left);
    }
  }
}

const enduranceKey = (state: Node, alphabet: Alphabet): number => alphabet + 2 ** 16 * state;

/** A byte that stands in both sets, the one's eight words from `at`; −1 for none. */
function commonByte(words: Uint32Array, at: number, set: Uint32Array): number {
  for (let w = 0; w < 8; w++) {
    const word = (words[at + w] as number) & (set[w] as number);
    if (word !== 0) return 32 * w + 31 - Math.clz32(word & -word);
  }
  return -1;
}
