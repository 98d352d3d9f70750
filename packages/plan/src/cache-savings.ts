import type { Call, Cost, ModelPrice, ModelRef, Usage } from "@cutaway/core";
import { type CostOptions, costOf, findModel } from "./cost-of.ts";
import { embeddedPrices } from "./embedded-prices.ts";
import type { PriceList, Rate } from "./price-list.ts";
import { rateFor, scheduleAt } from "./rates-at.ts";

/** What a prompt cache does to the price of a prefix, in US dollars for the whole prefix. */
export interface CachePrices {
  /** Sent without a cache. */
  uncached: number;
  /** Served by the cache. */
  read: number;
  /** Written to it; absent where the list charges writes as ordinary input. */
  write?: number;
  write1h?: number;
  /** How often a written prefix must be read again until writing it was cheaper than not caching. */
  breakEven: { write: number; write1h?: number };
  price: ModelPrice;
}

/** inputTokens  of the whole request: it decides the price tier. */
export function cachePrices(
  model: ModelRef,
  prefixTokens: number,
  options: { at: Date; inputTokens?: number; prices?: PriceList },
): CachePrices | { unknown: string } {
  const list = options.prices ?? embeddedPrices();
  const match = findModel(model, list);
  if ("unknown" in match) return match;
  const { rates } = scheduleAt(match.model, options.at);
  if (rates.input === undefined || rates.cacheRead === undefined) return { unknown: `no price for cache reads of ${match.model.id}` };
  const size = options.inputTokens ?? prefixTokens;
  const amount = (rate: Rate) => (rateFor(rate, size) * prefixTokens) / 1_000_000;
  const [input, read] = [rateFor(rates.input, size), rateFor(rates.cacheRead, size)];
  const reuses = (write: Rate | undefined) => breakEven(input, write === undefined ? input : rateFor(write, size), read);
  return {
    uncached: amount(rates.input),
    read: amount(rates.cacheRead),
    ...(rates.cacheWrite !== undefined && { write: amount(rates.cacheWrite) }),
    ...(rates.cacheWrite1h !== undefined && { write1h: amount(rates.cacheWrite1h) }),
    breakEven: { write: reuses(rates.cacheWrite), ...(rates.cacheWrite1h !== undefined && { write1h: reuses(rates.cacheWrite1h) }) },
    price: { provider: match.provider, model: match.model.id, at: options.at.toISOString(), source: list.source },
  };
}

/**
 * The smallest number of reuses k ≥ 1 for which one write and k reads cost less than k + 1 uncached prompts: write + k·read < (k + 1)·input.
 * Infinity where reading is no cheaper than sending.
 */
export function breakEven(input: number, write: number, read: number): number {
  if (read >= input) return Number.POSITIVE_INFINITY;
  const ratio = (write - input) / (input - read);
  // Prices are decimal fractions: 1/0.9 computed in binary must not make a whole number look like more than itself.
  return Math.max(1, Math.floor(ratio + 1e-9) + 1);
}

/**
 * What the call would have cost had the cache served that many leading tokens, and what the miss therefore cost.
 * Tokens the call wrote to the cache would have been read instead. `saved` is 0 where it already read as many.
 */
export function costIfCached(call: Call, cachedTokens: number, options: CostOptions = {}): { cost: Cost; saved: number } | { unknown: string } {
  const actual = costOf(call, options);
  if ("unknown" in actual) return actual;
  const usage = served(call.usage, cachedTokens);
  const better = costOf({ ...call, usage }, options);
  if ("unknown" in better) return better;
  const saved = actual.cost.total - better.cost.total;
  return saved > 0 ? { cost: better.cost, saved } : { cost: actual.cost, saved: 0 };
}

/** The cache holds the start of the prompt and writes follow it: what is read now beyond before was written then, or, past the writes, plain. */
function served(usage: Usage, cachedTokens: number): Usage {
  const before = usage.cacheReadTokens ?? 0;
  const read = Math.max(before, Math.min(cachedTokens, usage.inputTokens ?? 0));
  let taken = read - before;
  const left = (written: number) => {
    const rest = Math.max(0, written - taken);
    taken -= written - rest;
    return rest;
  };
  const next: Usage = { ...usage, cacheReadTokens: read };
  const { cacheWrite1hTokens, cacheWrite5mTokens, cacheWriteTokens } = usage;
  if (cacheWrite1hTokens !== undefined) next.cacheWrite1hTokens = left(cacheWrite1hTokens);
  if (cacheWrite5mTokens !== undefined) next.cacheWrite5mTokens = left(cacheWrite5mTokens);
  if (cacheWriteTokens !== undefined) {
    const isSplit = cacheWrite1hTokens !== undefined || cacheWrite5mTokens !== undefined;
    next.cacheWriteTokens = isSplit ? (next.cacheWrite1hTokens ?? 0) + (next.cacheWrite5mTokens ?? 0) : left(cacheWriteTokens);
  }
  return next;
}
