import { CutawayError } from "@cutaway/core";

/**
 * z of a two-sided level: the standard normal lies within ±z with that probability. 0.95 → 1.95996….
 * level  0.5 to 0.999999
 * @throws `invalid-level`
 * source  Wichura 1988, algorithm AS 241 (PPND16), Applied Statistics 37(3); relative accuracy about 1e-16
 */
export function zOf(level: number): number {
  if (!(level >= 0.5 && level <= 0.999_999)) throw new CutawayError("invalid-level", `a level of ${level} is outside 0.5 to 0.999999`);
  const q = level / 2; // distance of the upper quantile from the median
  if (q <= 0.425) {
    const r = 0.180_625 - q * q;
    return (q * polynomial(central.over, r)) / polynomial(central.under, r);
  }
  const r = Math.sqrt(-Math.log(0.5 - q)) - 1.6;
  return polynomial(outer.over, r) / polynomial(outer.under, r);
}

/** Lowest power first. */
const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

const central = {
  over: [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
    2509.0809287301227,
  ],
  under: [1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
};

const outer = {
  over: [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506, 0.022723844989269184,
    0.0007745450142783414,
  ],
  under: [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
    1.0507500716444169e-9,
  ],
};
