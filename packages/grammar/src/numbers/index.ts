export type { DigitCaps } from "./magnitudes.ts";
export { type NumberSet, numberMatches } from "./number-set.ts";
export { writeNumber } from "./write-number.ts";
