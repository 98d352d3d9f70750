import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import { type Decimal, digitsOf } from "./decimal.ts";
import { digit, digits, wholeNumbers } from "./whole-numbers.ts";

/** One end of a range; `open`: the value itself is not in it. */
export interface Bound {
  readonly value: Decimal;
  readonly open: boolean;
}

/** How many digits may be written before and after the point. */
export interface DigitCaps {
  readonly integerDigits: number;
  readonly fractionDigits: number;
}

/** Numbers from `low` (not negative) to `high`, as `12` or `12.50`: no sign, no exponent. The range must hold a number. */
export const magnitudes = (expressions: Expressions, low: Bound, high: Bound | undefined, caps: DigitCaps): Node => {
  const [lowWhole, lowFraction] = digitsOf(low.value);
  const above = fractionAbove(expressions, lowFraction, low.open, caps.fractionDigits);
  const any = expressions.optional(expressions.sequence(expressions.text("."), digits(expressions, 1, caps.fractionDigits)));
  const whole = (from: bigint, to: bigint | undefined): Node => wholeNumbers(expressions, from, to, caps.integerDigits);
  if (high === undefined) {
    return expressions.choice(expressions.sequence(whole(lowWhole, lowWhole), above), expressions.sequence(whole(lowWhole + 1n, undefined), any));
  }
  const [highWhole, highFraction] = digitsOf(high.value);
  const below = fractionBelow(expressions, highFraction, high.open, caps.fractionDigits);
  if (lowWhole === highWhole) return expressions.sequence(whole(lowWhole, lowWhole), expressions.both(above, below));
  return expressions.choice(
    expressions.sequence(whole(lowWhole, lowWhole), above),
    expressions.sequence(whole(lowWhole + 1n, highWhole - 1n), any),
    expressions.sequence(whole(highWhole, highWhole), below),
  );
};

/** What may follow the whole part, point included or nothing at all, so that the fraction is at least (`open`: above) 0.`low`. */
const fractionAbove = (expressions: Expressions, low: string, open: boolean, most: number): Node => {
  const longest = Math.max(most, low.length + 1);
  const after = (written: number): Node => digits(expressions, 0, longest - written);
  let node = open ? notOnlyZeros(expressions, longest - low.length) : after(low.length);
  for (let i = low.length - 1; i >= 0; i--) {
    const own = Number(low[i]);
    node = expressions.choice(
      expressions.sequence(digit(expressions, own, own), node),
      expressions.sequence(digit(expressions, own + 1, 9), after(i + 1)),
    );
  }
  if (low !== "" || open) return expressions.sequence(expressions.text("."), node);
  return expressions.optional(expressions.sequence(expressions.text("."), digits(expressions, 1, longest)));
};

/** The same for at most (`open`: below) 0.`high`. Its last digit is no zero, so that every shorter beginning of it is below. */
const fractionBelow = (expressions: Expressions, high: string, open: boolean, most: number): Node => {
  const longest = Math.max(most, high.length);
  const zeros = (max: number): Node => expressions.repeat(digit(expressions, 0, 0), 0, max);
  if (high === "")
    return open
      ? expressions.nothing
      : expressions.optional(expressions.sequence(expressions.text("."), digit(expressions, 0, 0), zeros(longest - 1)));
  let node = open ? expressions.nothing : zeros(longest - high.length);
  for (let i = high.length - 1; i >= 0; i--) {
    const own = Number(high[i]);
    node = expressions.choice(
      i === 0 ? expressions.nothing : expressions.empty,
      expressions.sequence(digit(expressions, own, own), node),
      expressions.sequence(digit(expressions, 0, own - 1), digits(expressions, 0, longest - i - 1)),
    );
  }
  return expressions.optional(expressions.sequence(expressions.text("."), node));
};

/** One digit or more, not all of them 0. */
const notOnlyZeros = (expressions: Expressions, most: number): Node =>
  expressions.sequence(expressions.repeat(digit(expressions, 0, 0), 0, most - 1), digit(expressions, 1, 9), digits(expressions, 0, most - 1));
