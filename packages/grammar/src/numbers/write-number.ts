import type { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import { commonMultiple, type Decimal, decimalOf, digitsOf, isMultipleOf, negated } from "./decimal.ts";
import { type Bound, type DigitCaps, magnitudes } from "./magnitudes.ts";
import { checkSteps, multiplesOf, remaindersOf } from "./multiples.ts";
import { type DecimalSet, decimalSet, holdsNone, type NumberSet } from "./number-set.ts";
import { scientific } from "./scientific.ts";
import { digits, wholeNumbers } from "./whole-numbers.ts";

const zero: Bound = { value: decimalOf(0), open: false };
const one = decimalOf(1);

/** As many digits as any number in use has; a model that has begun to write digits without end is stopped by them. */
const defaultCaps: DigitCaps = { integerDigits: 40, fractionDigits: 40 };

/** With more remainders than these, whole parts have as many digits as JavaScript writes plainly: which remainders can still be mended is another question at each digit. */
const fewRemainders = 100;
const plainDigits = 21;

/** Doubles have 17 digits: whole numbers with an exponent are written with 16 after the point, from where JavaScript changes to exponents. */
const wholeFromExponent = 21;
const wholeFraction = 16;

/**
 * The numbers of a set, as JSON text. Written plainly (`-12`, `12.50`) up to the caps, or with one digit before the point and an exponent (`1.5e-7`), as
 * programs write very large and very small ones; whole numbers without a point. Where nothing is asked of a number, any exponent of two digits too.
 * An exponent is left out where it would need arithmetic: with `multipleOf`, unless all so large numbers are multiples.
 * @throws `number-too-large` with `data.keyword`
 */
export const writeNumber = (expressions: Expressions, set: NumberSet, caps: Partial<DigitCaps> = {}): Node => {
  const known = written.get(expressions) ?? new Map<string, Node>();
  written.set(expressions, known);
  const key = JSON.stringify([set, caps]);
  const node = known.get(key) ?? write(expressions, set, { ...defaultCaps, ...caps });
  known.set(key, node);
  return node;
};

/** A schema asks for the same few sets again and again. */
const written = new WeakMap<Expressions, Map<string, Node>>();

const write = (expressions: Expressions, set: NumberSet, limits: DigitCaps): Node => {
  const decimals = decimalSet(set);
  if (holdsNone(decimals)) return expressions.nothing;
  const { low, high } = decimals;
  const positive = high === undefined || high.value.units > 0n || (high.value.units === 0n && !high.open);
  const negative = low === undefined || low.value.units < 0n;
  const opposite = (bound: Bound | undefined): Bound | undefined => bound && { value: negated(bound.value), open: bound.open };
  const numbers = expressions.choice(
    positive ? unsigned(expressions, decimals, aboveZero(low), high, limits) : expressions.nothing,
    negative
      ? expressions.sequence(expressions.text("-"), unsigned(expressions, decimals, aboveZero(opposite(high)), opposite(low), limits))
      : expressions.nothing,
    isAnyNumber(decimals) ? withExponent(expressions, limits) : expressions.nothing,
  );
  if (decimals.not.length === 0) return numbers;
  return expressions.without(numbers, expressions.choice(...decimals.not.map((single) => exactly(expressions, single, limits))));
};

const aboveZero = (low: Bound | undefined): Bound => (low !== undefined && low.value.units >= 0n ? low : zero);

const isAnyNumber = ({ low, high, multipleOf, notMultipleOf, not }: DecimalSet): boolean =>
  low === undefined && high === undefined && multipleOf.length + notMultipleOf.length + not.length === 0;

/** Any number with an exponent of one or two digits. */
const withExponent = (expressions: Expressions, caps: DigitCaps): Node =>
  expressions.sequence(
    expressions.optional(expressions.text("-")),
    magnitudes(expressions, zero, undefined, caps),
    expressions.bytes(new TextEncoder().encode("eE")),
    expressions.optional(expressions.bytes(new TextEncoder().encode("+-"))),
    digits(expressions, 1, 2),
  );

/** The sizes of the numbers on one side of 0, from `low` (not negative) on. */
const unsigned = (expressions: Expressions, set: DecimalSet, low: Bound, high: Bound | undefined, caps: DigitCaps): Node => {
  const { multipleOf, notMultipleOf } = set;
  if (holdsNone({ ...set, low, high })) return expressions.nothing;
  const whole = multipleOf.some((of) => of.scale === 0);
  const step = multipleOf.length === 0 ? undefined : commonMultiple(multipleOf);
  const isTold = step === undefined || (whole && step.units === 1n && step.scale === 0); // whole numbers have no digits that could say otherwise
  const steps = [...(isTold ? [] : [step]), ...notMultipleOf];
  checkSteps(steps);
  const most = remaindersOf(steps) > fewRemainders ? { ...caps, integerDigits: Math.min(caps.integerDigits, plainDigits) } : caps;
  let plain = whole ? wholeBetween(expressions, low, high, most) : magnitudes(expressions, low, high, most);
  if (!isTold) plain = expressions.both(plain, multiplesOf(expressions, step));
  for (const of of notMultipleOf) plain = expressions.without(plain, multiplesOf(expressions, of));
  return expressions.choice(plain, ...exponential(expressions, set, low, high, caps));
};

const wholeBetween = (expressions: Expressions, low: Bound, high: Bound | undefined, caps: DigitCaps): Node => {
  const [floor, rest] = digitsOf(low.value);
  const from = rest !== "" || low.open ? floor + 1n : floor;
  if (high === undefined) return wholeNumbers(expressions, from, undefined, caps.integerDigits);
  const [to, above] = digitsOf(high.value);
  return wholeNumbers(expressions, from, high.open && above === "" ? to - 1n : to, caps.integerDigits);
};

const exponential = (expressions: Expressions, set: DecimalSet, low: Bound, high: Bound | undefined, caps: DigitCaps): Node[] => {
  const { multipleOf, notMultipleOf } = set;
  const parts: Node[] = [];
  if (multipleOf.length + notMultipleOf.length === 0) return [scientific(expressions, low, high, { fractionDigits: caps.fractionDigits })];
  // d.ddd…e21 and beyond are multiples of 10^(21 − 16): whole, and multiples of all that divides that
  const large: Decimal = { units: 10n ** BigInt(wholeFromExponent - wholeFraction), scale: 0 };
  if (notMultipleOf.length === 0 && multipleOf.every((of) => isMultipleOf(large, of)))
    parts.push(scientific(expressions, low, high, { from: wholeFromExponent, fractionDigits: wholeFraction }));
  // d.ddd…e−1 and below are above 0 and below 1: no multiples of any whole number
  if (multipleOf.length === 0 && notMultipleOf.every((of) => isMultipleOf(of, one)))
    parts.push(scientific(expressions, low, high, { to: -1, fractionDigits: caps.fractionDigits }));
  return parts;
};

/** One number in every way in which it may be written here. */
const exactly = (expressions: Expressions, value: Decimal, caps: DigitCaps): Node => {
  const size: Bound = { value: value.units < 0n ? negated(value) : value, open: false };
  const written = expressions.choice(
    magnitudes(expressions, size, size, caps),
    scientific(expressions, size, size, { fractionDigits: caps.fractionDigits }),
  );
  if (value.units === 0n) return expressions.sequence(expressions.optional(expressions.text("-")), written);
  return value.units < 0n ? expressions.sequence(expressions.text("-"), written) : written;
};
