import { CutawayError } from "@cutaway/core";
import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import type { Decimal } from "./decimal.ts";
import { digit } from "./whole-numbers.ts";

/** Remainders that are kept apart at most, for everything that is said of one number together. */
const mostRemainders = 2048;

/** How many remainders have to be kept apart to know all these multiples. */
export const remaindersOf = (steps: readonly Decimal[]): number =>
  Number(steps.reduce((product, step) => product * withoutTens(step)[0] * BigInt(step.scale + 1), 1n));

/** @throws `number-too-large` where too many remainders would have to be kept apart */
export const checkSteps = (steps: readonly Decimal[]): void => {
  if (remaindersOf(steps) <= mostRemainders) return;
  const named = steps.map(({ units, scale }) => (scale === 0 ? `${units}` : `${units}e-${scale}`)).join(", ");
  throw new CutawayError("number-too-large", `Multiples of ${named} cannot be told digit by digit with ${mostRemainders} remainders.`, {
    data: { keyword: "multipleOf", multipleOf: named },
    fix: "Take a rounder number, or check it afterwards.",
  });
};

/** Digits, perhaps with a point among them, whose number is a multiple of the step (above 0). Nothing is said about how JSON writes numbers: meet it with that. */
export const multiplesOf = (expressions: Expressions, step: Decimal): Node => multiples(expressions, ...withoutTens(step), step.scale);

/** 86400 is 864 with two zeros after it: its multiples are those of 864 with two zeros after them, and 0. */
const withoutTens = ({ units }: Decimal): [core: bigint, zeros: number] => {
  let [core, zeros] = [units, 0];
  while (core % 10n === 0n) {
    core /= 10n;
    zeros++;
  }
  return [core, zeros];
};

const multiples = (expressions: Expressions, core: bigint, zeros: number, scale: number): Node => {
  const zero = digit(expressions, 0, 0);
  const ofCore = remainders(expressions, Number(core), scale);
  if (zeros === 0) return ofCore;
  const whole = expressions.choice(zero, expressions.sequence(ofCore, expressions.repeat(zero, zeros, zeros)));
  return expressions.sequence(whole, expressions.optional(expressions.sequence(expressions.text("."), expressions.repeat(zero, 1))));
};

/**
 * The remainder of what was read, in units of 10^−scale, divided by `modulus`.
 * States: modulus × (0 before the point, 1 + digits after the point) + remainder. After `scale` digits only zeros may follow.
 */
const remainders = (expressions: Expressions, modulus: number, scale: number): Node => {
  const phases = scale + 2;
  const next = new Int32Array(256 * modulus * phases).fill(-1);
  const accepting = new Uint8Array(modulus * phases);
  for (let phase = 0; phase < phases; phase++) {
    const missing = phase === 0 ? scale : scale - (phase - 1);
    const unit = Number(10n ** BigInt(missing) % BigInt(modulus));
    for (let rest = 0; rest < modulus; rest++) {
      const state = modulus * phase + rest;
      accepting[state] = (rest * unit) % modulus === 0 ? 1 : 0;
      if (phase === 0) next[256 * state + 0x2e] = modulus + rest;
      for (let read = 0; read <= 9; read++) {
        if (phase > scale && read > 0) break;
        const left = phase > scale ? rest : (rest * 10 + read) % modulus;
        next[256 * state + 0x30 + read] = modulus * (phase === 0 || phase > scale ? phase : phase + 1) + left;
      }
    }
  }
  return expressions.automaton({ next, accepting, start: 0 });
};
