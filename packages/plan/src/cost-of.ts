import type { Call, Cost, CostLine, ModelRef } from "@cutaway/core";
import { callTime } from "./call-time.ts";
import { priceLines } from "./cost-lines.ts";
import { embeddedPrices } from "./embedded-prices.ts";
import { findPriced, type PriceList, type PriceMatch, type Schedule } from "./price-list.ts";
import { rateFor, scheduleAt } from "./rates-at.ts";
import { surcharges, tierRates } from "./service-tier.ts";

export interface CostOptions {
  /** When the call was made, for calls that do not say it themselves. */
  at?: Date;
  /** Another list than the embedded one (`priceListFromGenaiPrices`). */
  prices?: PriceList;
}

/**
 * What a call cost, with the whole arithmetic, at the prices of its own time; or in words why that is not known.
 * The time is `instants.issued`, else `response.created`, else `options.at`, else the list's date with a caveat.
 */
export function costOf(call: Call, options: CostOptions = {}): { cost: Cost } | { unknown: string } {
  const noUsage = whyNoUsage(call);
  if (noUsage) return { unknown: noUsage };
  const list = options.prices ?? embeddedPrices();
  const match = findModel(call.model, list);
  if ("unknown" in match) return match;

  const time = callTime(call, { ...(options.at && { at: options.at }), listDate: list.source.date });
  const schedule = scheduleAt(match.model, time.at);
  const tier = tierRates(call, schedule, list);
  if (call.usage.outputTokens === undefined && tier.rates.output !== undefined) return { unknown: "no output tokens reported" };
  if (call.usage.inputTokens === undefined && tier.rates.input !== undefined) return { unknown: "no input tokens reported" };

  const lines = priceLines(call.usage, tier.rates);
  const [input, output, other] = [total(lines.input), total(lines.output), total(lines.other)];
  const caveats = [
    ...match.caveats,
    ...time.caveats,
    ...tier.caveats,
    ...lines.caveats,
    ...surcharges(call),
    ...doubts(call),
    ...disagreement(schedule, list),
  ];
  return {
    cost: {
      total: input + output + other,
      input,
      output,
      lines: [...lines.input, ...lines.output, ...lines.other],
      price: {
        provider: match.provider,
        model: match.model.id,
        at: time.at.toISOString(),
        source: match.model.onlySecond ? (list.secondSource ?? list.source) : tier.source,
      },
      caveats,
    },
  };
}

/** US dollars per million uncached input tokens of a small call; absent where the model has no price. */
export function inputPrice(model: ModelRef, at: Date, prices: PriceList = embeddedPrices()): number | undefined {
  const match = findModel(model, prices);
  if ("unknown" in match) return undefined;
  const rate = scheduleAt(match.model, at).rates.input;
  return rate === undefined ? undefined : rateFor(rate, 0);
}

/** The model that answered has a price, else the one that was asked for: gateways and deployments rename. */
export function findModel(model: ModelRef, list: PriceList): PriceMatch | { unknown: string } {
  const { provider, asked, served } = model;
  const first = served ?? asked;
  if (first === undefined) return { unknown: "the model is not known" };
  const match = findPriced(list, first, provider);
  if (!("unknown" in match) || asked === undefined || asked === first) return match;
  const byAsked = findPriced(list, asked, provider);
  if ("unknown" in byAsked) return match;
  return { ...byAsked, caveats: [`${first} has no price: priced as ${asked}, which was asked for`, ...byAsked.caveats] };
}

function whyNoUsage(call: Call): string | undefined {
  if (call.usage.inputTokens !== undefined || call.usage.outputTokens !== undefined) return undefined;
  if (call.error && call.answers.length === 0) return "no usage reported: the call failed";
  if (call.ending === "none") return "no usage reported: there is no answer";
  if (call.ending === "cut" || call.ending === "cancelled" || call.ending === "open") return "no usage reported: the answer was not seen to its end";
  const { stream, streamUsage } = call.request?.parameters ?? {};
  if (call.format === "openai-chat" && stream && !streamUsage)
    return "no usage reported: the stream was not asked for it (stream_options.include_usage)";
  return "no usage reported";
}

function doubts(call: Call): string[] {
  const caveats: string[] = [];
  if (call.usage.source === "tokenizer") caveats.push("tokens counted by a local tokenizer, not by the provider");
  if (call.usage.source === "chunks") caveats.push("tokens estimated from the number of chunks, not counted by the provider");
  if (call.ending === "cut" || call.ending === "cancelled" || call.ending === "open") {
    caveats.push("the answer was not seen to its end: the usage may lack what came after");
  }
  return caveats;
}

/** Where the second source lists other prices, in words. */
export function disagreement({ disagrees }: Schedule, list: PriceList): string[] {
  if (!disagrees || !list.secondSource) return [];
  const says = [
    disagrees.input !== undefined && `${disagrees.input} for input`,
    disagrees.output !== undefined && `${disagrees.output} for output`,
  ].filter(Boolean);
  return [`the sources disagree: ${list.secondSource.name} (${list.secondSource.date}) lists USD per million ${says.join(" and ")}`];
}

const total = (lines: CostLine[]) => lines.reduce((sum, { amount }) => sum + amount, 0);
