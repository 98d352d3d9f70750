/**
 * Milliseconds of a wait as rate-limit headers write it: `2ms`, `6m0s`, `1h2m3.5s`, a plain number of seconds, or an RFC 3339 instant,
 * which needs `now` (milliseconds since the epoch). Undefined where it cannot be told.
 */
export function resetMs(text: string, now: number | undefined): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed)) return milliseconds(Number(trimmed) * 1000);
  if (/^\d{4}-\d\d-\d\d[Tt ]/.test(trimmed)) {
    const instant = Date.parse(trimmed);
    return Number.isNaN(instant) || now === undefined ? undefined : Math.max(0, instant - now);
  }
  return waitMs(trimmed);
}

/** Milliseconds of `6m0s`, `8.64s`, `20ms`; undefined for anything else. */
export function waitMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:d|h|m|s|ms|us|µs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)/g)) total += Number(amount) * (unitMs[unit as string] as number);
  return milliseconds(total);
}

/**
 * How long the server asks to wait, from `retry-after-ms` or `retry-after` (seconds, or an HTTP date read against `date` or `now`).
 * headers  lower-case names
 */
export function retryAfterMs(headers: Record<string, string>, now?: number): number | undefined {
  const exact = Number.parseFloat(headers["retry-after-ms"] ?? "");
  if (Number.isFinite(exact) && exact >= 0) return milliseconds(exact);
  const text = headers["retry-after"]?.trim();
  if (!text) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return milliseconds(Number(text) * 1000);
  const from = serverTime(headers) ?? now;
  const until = Date.parse(text);
  return Number.isNaN(until) || from === undefined ? undefined : Math.max(0, until - from);
}

/** The server's clock, from its `date` header: what an absolute reset time must be read against. */
export function serverTime(headers: Record<string, string>): number | undefined {
  const time = Date.parse(headers.date ?? "");
  return Number.isNaN(time) ? undefined : time;
}

const unitMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 };

/** Decimal fractions of seconds leave binary dust (8.64 s → 8640.000000000002 ms): rounded to the nanosecond. */
const milliseconds = (value: number) => Math.round(value * 1e6) / 1e6;
