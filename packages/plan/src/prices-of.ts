import type { ModelPrice, ModelRef } from "@cutaway/core";
import { disagreement, findModel } from "./cost-of.ts";
import { embeddedPrices } from "./embedded-prices.ts";
import type { PriceList, Rate } from "./price-list.ts";
import { rateFor, scheduleAt } from "./rates-at.ts";

/** What a model's tokens cost at one date. */
export interface TokenPrices {
  price: ModelPrice;
  caveats: string[];
  /** US dollars per million tokens of a small request. */
  perMillion: { input: number; output?: number };
  /** US dollars of one request, all of its input uncached; a long-context tier is chosen by its input. */
  cost(inputTokens: number, outputTokens: number): number;
}

/** The standard prices of a model's text for requests that nobody has made yet; or in words why they are not known. */
export function pricesOf(model: ModelRef, at: Date, list: PriceList = embeddedPrices()): TokenPrices | { unknown: string } {
  const match = findModel(model, list);
  if ("unknown" in match) return match;
  const schedule = scheduleAt(match.model, at);
  const { input, output } = schedule.rates;
  if (input === undefined) return { unknown: `no price for the input of ${match.model.id}` };
  const of = (rate: Rate | undefined, size: number) => (rate === undefined ? 0 : rateFor(rate, size));
  const daysAfter = Math.floor((at.getTime() - Date.parse(list.source.date)) / 86_400_000);
  return {
    price: {
      provider: match.provider,
      model: match.model.id,
      at: at.toISOString(),
      source: match.model.onlySecond ? (list.secondSource ?? list.source) : list.source,
    },
    caveats: [
      ...match.caveats,
      ...(daysAfter > 30 ? [`the price list is of ${list.source.date}: prices may have changed since`] : []),
      ...(match.model.changes?.some(({ hours }) => hours !== undefined)
        ? [`the prices of ${match.model.id} go by the hour: those of ${at.toISOString().slice(11, 16)} UTC are taken`]
        : []),
      ...(output === undefined ? [`the list has no price for the output of ${match.model.id}: only input is priced`] : []),
      ...disagreement(schedule, list),
    ],
    perMillion: { input: of(input, 0), ...(output !== undefined && { output: of(output, 0) }) },
    cost: (inputTokens, outputTokens) => (inputTokens * of(input, inputTokens) + outputTokens * of(output, inputTokens)) / 1_000_000,
  };
}
