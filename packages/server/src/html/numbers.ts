/** `1.24 s`, `240 ms`, `0.4 ms` */
export function duration(ms: number): string {
  if (ms >= 60_000) return `${Math.floor(ms / 60_000)} min ${((ms % 60_000) / 1000).toFixed(0)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 10 ? ms.toFixed(0) : ms.toFixed(1)} ms`;
}

/** `$12.40`, `$0.6`, `$0.00000045`: below a dollar four significant digits, never rounded to nothing. */
export const dollars = (amount: number): string =>
  `$${amount >= 1 ? amount.toFixed(2) : amount.toLocaleString("en-US", { maximumSignificantDigits: 4, maximumFractionDigits: 20 })}`;

export const integer = (count: number): string => count.toLocaleString("en-US");

/** A probability from its natural logarithm: `97 %`, `0.3 %`. */
export function percent(logprob: number): string {
  const share = Math.exp(logprob) * 100;
  return share >= 10 ? `${share.toFixed(0)} %` : `${share.toPrecision(2)} %`;
}

export const instant = (ms: number): string => new Date(ms).toISOString().replace("T", " ").replace("Z", " UTC");
