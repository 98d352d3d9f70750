import { probability } from "../../terminal/numbers.ts";

const least = Math.log(1e-5);

/** A log probability as a probability; what is below a thousandth of a percent is all the same here. */
export const chance = (logprob: number): string => (logprob < least ? "<0.001 %" : probability(logprob));
