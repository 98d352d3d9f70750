import { CutawayError } from "@cutaway/core";

/**
 * t of a two-sided level: a Student's t variable lies within ±t with that probability. 0.95, 9 degrees → 2.26216….
 * level  above 0, below 1; freedom  degrees of freedom, 1 or more
 * @throws `invalid-level`
 */
export function studentQuantile(level: number, freedom: number): number {
  if (!(level > 0 && level < 1)) throw new CutawayError("invalid-level", `a level of ${level} is outside 0 to 1`);
  // Two-sided tail = I_x(freedom/2, 1/2) with x = freedom / (freedom + t²): bisected in x, where it is monotone.
  const tail = 1 - level;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 200 && high - low > Number.EPSILON * low; i++) {
    const middle = (low + high) / 2;
    if (regularizedBeta(middle, freedom / 2, 0.5) < tail) low = middle;
    else high = middle;
  }
  const x = (low + high) / 2;
  return Math.sqrt((freedom * (1 - x)) / x);
}

/**
 * The regularised incomplete beta function I_x(a, b).
 * source  DLMF 8.17.22, the continued fraction, evaluated by Lentz's method; 8.17.4 for x above its mean
 */
export function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

/** ln Γ(x), x > 0. source  Lanczos 1964 with g = 7, nine terms; relative accuracy about 1e-15 */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = lanczos.reduce((total, coefficient, i) => (i === 0 ? coefficient : total + coefficient / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const lanczos = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59, 12.507_343_278_686_905,
  -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
];
