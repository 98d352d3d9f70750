/** Numbers as people read them. Unknown is the word "unknown" or, where space is short, an en dash: never 0. */
export const dash = "–";

const grouped = new Intl.NumberFormat("en-US");

export const formatCount = (n: number | undefined): string => (n === undefined ? dash : grouped.format(n));

/** 1234 → 1.2k; for columns where the exact figure is in the title. */
export function formatShort(n: number | undefined): string {
  if (n === undefined) return dash;
  if (n < 1000) return String(n);
  if (n < 99_950) return `${(n / 1000).toFixed(1)}k`;
  if (n < 999_500) return `${Math.round(n / 1000)}k`;
  return `${(n / 1_000_000).toFixed(1)}M`;
}

export function formatMs(ms: number | undefined): string {
  if (ms === undefined) return dash;
  const size = Math.abs(ms);
  if (size < 10) return `${trim(ms.toFixed(size < 1 ? 2 : 1))}\u00a0ms`;
  if (size < 999.5) return `${Math.round(ms)}\u00a0ms`;
  if (size < 59_995) return `${(ms / 1000).toFixed(2)}\u00a0s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}\u00a0m\u00a0${String(seconds % 60).padStart(2, "0")}\u00a0s`;
}

/** US dollars with at least three significant digits, so that a small amount is never shown as 0. */
export function formatUsd(usd: number | undefined): string {
  if (usd === undefined) return dash;
  if (usd === 0) return "$0";
  const size = Math.abs(usd);
  const sign = usd < 0 ? "−" : "";
  if (size >= 1) return `${sign}$${size.toFixed(2)}`;
  const decimals = Math.min(12, Math.max(4, 2 - Math.floor(Math.log10(size))));
  return `${sign}$${size.toFixed(decimals).replace(/0+$/, "").padEnd(4, "0")}`;
}

export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return dash;
  if (bytes < 1000) return `${bytes}\u00a0B`;
  if (bytes < 999_500) return `${(bytes / 1000).toFixed(1)}\u00a0kB`;
  return `${(bytes / 1_000_000).toFixed(1)}\u00a0MB`;
}

/** Probability 0 to 1 as per cent, with more digits near both ends, where they matter. */
export function formatProbability(p: number | undefined): string {
  if (p === undefined) return dash;
  const percent = p * 100;
  if (p > 0 && percent < 0.01) return "<0.01%";
  if (p < 1 && percent >= 99.995) return ">99.99%";
  return `${percent.toFixed(percent < 1 || percent > 99 ? 2 : 1)}%`;
}

export const formatLogprob = (logprob: number | undefined): string => (logprob === undefined ? dash : logprob.toFixed(4).replace("-", "−"));

const trim = (text: string) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

export const plural = (n: number, one: string, many = `${one}s`): string => `${formatCount(n)} ${n === 1 ? one : many}`;

/** Nats to three digits after the point; what is not 0, beyond the error of arithmetic, is never shown as 0. */
export function formatNats(nats: number | undefined): string {
  if (nats === undefined) return dash;
  const size = Math.abs(nats);
  if (size < 1e-9) return "0.000";
  if (size < 0.0005) return `<${nats < 0 ? "−" : ""}0.001`;
  return nats.toFixed(3).replace("-", "−");
}
