/** A decimal number, exactly: `units` × 10^−`scale`. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, at least 0. */
  readonly scale: number;
}

/** What a number of a schema says in decimal: the shortest digits that mean it, as JSON has them. Finite numbers only. */
export const decimalOf = (value: number): Decimal => {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return scaled(BigInt(whole + fraction), fraction.length - Number(exponent));
};

/** Without zeros at its end. */
const scaled = (units: bigint, scale: number): Decimal => {
  if (units === 0n) return { units, scale: 0 };
  let [shortUnits, shortScale] = [units, scale];
  while (shortScale > 0 && shortUnits % 10n === 0n) {
    shortUnits /= 10n;
    shortScale--;
  }
  return shortScale < 0 ? { units: shortUnits * 10n ** BigInt(-shortScale), scale: 0 } : { units: shortUnits, scale: shortScale };
};

/** Both in units of the finer of the two. */
const aligned = (a: Decimal, b: Decimal): [bigint, bigint] => {
  const scale = Math.max(a.scale, b.scale);
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale)];
};

/** Below 0: a is smaller; 0: equal; above 0: a is larger. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
};

export const isMultipleOf = (value: Decimal, of: Decimal): boolean => {
  const [left, right] = aligned(value, of);
  return right !== 0n && left % right === 0n;
};

export const negated = ({ units, scale }: Decimal): Decimal => ({ units: -units, scale });

/** `value` × 10^`by`. */
export const shifted = ({ units, scale }: Decimal, by: number): Decimal => scaled(units, scale - by);

/** The digits before the point and those after it, of a decimal that is not negative. */
export const digitsOf = ({ units, scale }: Decimal): [whole: bigint, fraction: string] => {
  const unit = 10n ** BigInt(scale);
  return [units / unit, scale === 0 ? "" : (units % unit).toString().padStart(scale, "0")];
};

/** n of 10^n ≤ value < 10^(n+1), for a value above 0. */
export const magnitudeOf = ({ units, scale }: Decimal): number => units.toString().length - 1 - scale;

/** The smallest number above 0 of which all are divisors. */
export const commonMultiple = (values: readonly Decimal[]): Decimal => {
  const scale = Math.max(...values.map((value) => value.scale));
  return scaled(values.map((value) => value.units * 10n ** BigInt(scale - value.scale)).reduce(leastCommonMultiple), scale);
};

const leastCommonMultiple = (a: bigint, b: bigint): bigint => {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
};
