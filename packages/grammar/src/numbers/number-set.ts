import { commonMultiple, compareDecimals, type Decimal, decimalOf, isMultipleOf, negated } from "./decimal.ts";
import type { Bound } from "./magnitudes.ts";

/** A set of numbers, by everything at once that is said of them. */
export interface NumberSet {
  /** true: whole numbers (1.0 is one); false: none of them; absent: both. */
  readonly integer?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  /** Numbers above 0. */
  readonly multipleOf?: readonly number[];
  readonly notMultipleOf?: readonly number[];
  /** Single numbers left out. */
  readonly not?: readonly number[];
}

const one = decimalOf(1);

/** The set with its numbers in decimal. */
export interface DecimalSet {
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
  readonly multipleOf: readonly Decimal[];
  readonly notMultipleOf: readonly Decimal[];
  readonly not: readonly Decimal[];
}

export const decimalSet = (set: NumberSet): DecimalSet => ({
  low: tighter(bound(set.minimum, false), bound(set.exclusiveMinimum, true), 1),
  high: tighter(bound(set.maximum, false), bound(set.exclusiveMaximum, true), -1),
  multipleOf: [...(set.integer === true ? [one] : []), ...(set.multipleOf ?? []).map(decimalOf)],
  notMultipleOf: [...(set.integer === false ? [one] : []), ...(set.notMultipleOf ?? []).map(decimalOf)],
  not: (set.not ?? []).map(decimalOf),
});

const bound = (value: number | undefined, open: boolean): Bound | undefined => (value === undefined ? undefined : { value: decimalOf(value), open });

/** @param sign 1: the larger is tighter; −1: the smaller */
const tighter = (closed: Bound | undefined, open: Bound | undefined, sign: number): Bound | undefined => {
  if (closed === undefined || open === undefined) return closed ?? open;
  return sign * compareDecimals(open.value, closed.value) >= 0 ? open : closed;
};

/** The number is in the set, in exact decimal arithmetic. */
export const numberMatches = (set: NumberSet, value: number): boolean => {
  const { low, high, multipleOf, notMultipleOf, not } = decimalSet(set);
  const decimal = decimalOf(value);
  return (
    isAbove(decimal, low) &&
    (high === undefined || isAbove(negated(decimal), { value: negated(high.value), open: high.open })) &&
    multipleOf.every((of) => isMultipleOf(decimal, of)) &&
    !notMultipleOf.some((of) => isMultipleOf(decimal, of)) &&
    !not.some((single) => compareDecimals(decimal, single) === 0)
  );
};

const isAbove = (value: Decimal, low: Bound | undefined): boolean => {
  if (low === undefined) return true;
  const order = compareDecimals(value, low.value);
  return low.open ? order > 0 : order >= 0;
};

/** No number lies between the bounds, or no multiple of all that it should be a multiple of, or all such are multiples of what it should not be one of. */
export const holdsNone = ({ low, high, multipleOf, notMultipleOf }: DecimalSet): boolean => {
  const order = low === undefined || high === undefined ? -1 : compareDecimals(low.value, high.value);
  if (order > 0 || (order === 0 && (low?.open || high?.open))) return true;
  if (multipleOf.length === 0) return false;
  const step = commonMultiple(multipleOf);
  if (notMultipleOf.some((of) => isMultipleOf(step, of))) return true;
  if (low === undefined || high === undefined) return false;
  const scale = Math.max(low.value.scale, high.value.scale, step.scale);
  const units = (decimal: Decimal): bigint => decimal.units * 10n ** BigInt(scale - decimal.scale);
  const first = ceilTo(units(low.value) + (low.open ? 1n : 0n), units(step));
  return first > units(high.value) - (high.open ? 1n : 0n);
};

const ceilTo = (value: bigint, step: bigint): bigint => {
  const rest = ((value % step) + step) % step;
  return rest === 0n ? value : value + step - rest;
};
