import { dash } from "../format/numbers.ts";

/** A part of a logit, with its sign; what is not 0 is never shown as 0. */
export function formatScore(score: number | undefined): string {
  if (score === undefined || Number.isNaN(score)) return dash;
  const size = Math.abs(score);
  const sign = score < 0 ? "−" : "";
  if (size === 0) return "0";
  if (size < 0.0005) return `${sign}<0.001`;
  return `${sign}${size.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1)}`;
}
