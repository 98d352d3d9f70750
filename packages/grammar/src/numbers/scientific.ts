import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import { compareDecimals, decimalOf, magnitudeOf, shifted } from "./decimal.ts";
import { type Bound, magnitudes } from "./magnitudes.ts";
import { digit, digits, wholeNumbers } from "./whole-numbers.ts";

/** What a double can hold: JSON readers make infinity of more, and 0 of less. */
const largestNumber: Bound = { value: decimalOf(Number.MAX_VALUE), open: false };
/** Just above half of the smallest double, which is rounded up to it. */
const smallestNumber: Bound = { value: { units: 25n, scale: 325 }, open: false };
const smallestExponent = -324;
const largestExponent = 308;

const ten: Bound = { value: decimalOf(10), open: true };

/**
 * Numbers above 0 from `low` to `high` with an exponent and one digit before the point, as `1.5e-7`: the form that programs write. So a bound is a bound of
 * the exponent, and of the mantissa at one exponent only; with digits before the point at will that would be no regular language.
 */
export const scientific = (
  expressions: Expressions,
  low: Bound,
  high: Bound | undefined,
  options: { from?: number; to?: number; fractionDigits: number },
): Node => {
  const top = high === undefined || compareDecimals(high.value, largestNumber.value) > 0 ? largestNumber : high;
  if (top.value.units <= 0n) return expressions.nothing;
  const from = Math.max(options.from ?? smallestExponent, smallestExponent);
  const to = Math.min(options.to ?? largestExponent, largestExponent);
  const bottom = compareDecimals(low.value, smallestNumber.value) < 0 ? smallestNumber : low;
  const lowExponent = magnitudeOf(bottom.value);
  const topExponent = magnitudeOf(top.value);
  const within = (exponent: number): boolean => exponent >= from && exponent <= to;
  const at = (exponent: number, first: Bound, last: Bound): Node => {
    const [least, most] = [shiftedBound(first, -exponent), last === ten ? ten : shiftedBound(last, -exponent)];
    const order = compareDecimals(least.value, most.value);
    if (order > 0 || (order === 0 && (least.open || most.open))) return expressions.nothing;
    const mantissa = magnitudes(expressions, least, most, { integerDigits: 1, fractionDigits: options.fractionDigits });
    return expressions.sequence(mantissa, exponents(expressions, exponent, exponent));
  };
  const parts: Node[] = [];
  if (lowExponent === topExponent) return within(topExponent) ? at(topExponent, bottom, top) : expressions.nothing;
  if (within(lowExponent)) parts.push(at(lowExponent, bottom, ten));
  if (within(topExponent)) parts.push(at(topExponent, { value: shifted(decimalOf(1), topExponent), open: false }, top));
  const [first, last] = [Math.max(from, lowExponent + 1), Math.min(to, topExponent - 1)];
  if (first <= last) {
    const fraction = expressions.optional(expressions.sequence(expressions.text("."), digits(expressions, 1, options.fractionDigits)));
    parts.push(expressions.sequence(digit(expressions, 1, 9), fraction, exponents(expressions, first, last)));
  }
  return expressions.choice(...parts);
};

/** A bound's mantissa at its own exponent. Those of the largest and the smallest number have some 300 digits to move, and are asked for again and again. */
const shiftedBound = (bound: Bound, by: number): Bound => extremes.get(bound) ?? { value: shifted(bound.value, by), open: bound.open };

const extremes = new Map<Bound, Bound>(
  [largestNumber, smallestNumber].map((bound) => [bound, { value: shifted(bound.value, -magnitudeOf(bound.value)), open: bound.open }]),
);

/** `e` and an exponent of a range, with or without a plus sign and one leading zero (Python writes 1e-07). */
const exponents = (expressions: Expressions, from: number, to: number): Node => {
  const size = (least: number, most: number): Node =>
    least > most
      ? expressions.nothing
      : expressions.sequence(expressions.optional(expressions.text("0")), wholeNumbers(expressions, BigInt(least), BigInt(most), 3));
  return expressions.sequence(
    expressions.bytes(new TextEncoder().encode("eE")),
    expressions.choice(
      expressions.sequence(expressions.text("-"), size(Math.max(1, -to), -from)),
      expressions.sequence(expressions.optional(expressions.text("+")), size(Math.max(0, from), to)),
    ),
  );
};
