import type { RateLimit } from "@cutaway/core";
import { known } from "../json/fields.ts";
import { resetMs, serverTime } from "./durations.ts";

/**
 * Rate limits of both vendors' headers: `x-ratelimit-{limit,remaining,reset}-{of}` (OpenAI and most compatible servers; resets like `6m0s`)
 * and `anthropic-ratelimit-{of}-{limit,remaining,reset}` (resets as RFC 3339 instants).
 * headers  lower-case names;   now  milliseconds since the epoch, used where the answer has no `date` header
 */
export function rateLimitsOf(headers: Record<string, string>, now?: number): RateLimit[] {
  const limits = new Map<string, RateLimit>();
  for (const [name, value] of Object.entries(headers)) {
    const [of, what] = partsOf(name);
    if (of === undefined) continue;
    let limit = limits.get(of);
    if (!limit) {
      limit = { of };
      limits.set(of, limit);
    }
    if (what === "limit") limit.limit = countIn(value);
    else if (what === "remaining") limit.remaining = countIn(value);
    else {
      limit.resetRaw = value;
      limit.resetMs = resetMs(value, serverTime(headers) ?? now);
    }
  }
  return [...limits.values()].map(known);
}

function partsOf(name: string): [of: string | undefined, what: string] {
  const openai = /^x-ratelimit-(limit|remaining|reset)-([a-z0-9-]{1,40})$/.exec(name);
  if (openai) return [openai[2], openai[1] as string];
  const anthropic = /^anthropic-ratelimit-([a-z0-9-]{1,40})-(limit|remaining|reset)$/.exec(name);
  if (anthropic) return [anthropic[1], anthropic[2] as string];
  return [undefined, ""];
}

const countIn = (value: string): number | undefined => (/^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined);
