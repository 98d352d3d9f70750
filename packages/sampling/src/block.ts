/**
 * Loops over a vocabulary run in blocks, each a call of a small function. A loop that is compiled while it runs (on-stack replacement) knows
 * nothing of the code behind it, and V8 throws the compiled loop away there, on every step anew: ten times slower than this.
 */
export const BLOCK = 4096;
