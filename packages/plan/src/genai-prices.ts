import { CutawayError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { ListSource, Priced, PricedModel, PriceList, Rate, Rates, Schedule } from "./price-list.ts";

/** Fields of genai-prices, US dollars per million (or per thousand searches) → what we call them. */
const fields: Record<string, Priced> = {
  input_mtok: "input",
  output_mtok: "output",
  output_reasoning_mtok: "reasoning",
  cache_read_mtok: "cacheRead",
  cache_write_mtok: "cacheWrite",
  cache_write_1h_mtok: "cacheWrite1h",
  input_audio_mtok: "inputAudio",
  output_audio_mtok: "outputAudio",
  input_image_mtok: "inputImage",
  web_searches_kcount: "webSearch",
};

/**
 * The price list that a `data.json` of genai-prices holds.
 * Its loose rules (`starts_with`, `contains`) become the name itself, alone or with a version date after it, and those of `realNames`
 * (provider → model names known to exist) which the rule, as written and in the list's own order, is the first to match.
 * source  pydantic/genai-prices, `prices/new_data/v2/data.schema.json`
 * throws  `not-a-price-list`
 */
export function priceListFromGenaiPrices(data: JsonValue, source: ListSource, realNames: { [provider: string]: string[] } = {}): PriceList {
  if (!Array.isArray(data)) throw notAList("the top level is not an array of providers");
  const providers: PriceList["providers"] = {};
  const fallbacks: NonNullable<PriceList["fallbacks"]> = {};
  for (const provider of data) {
    if (!isJsonObject(provider) || typeof provider.id !== "string" || !Array.isArray(provider.models))
      throw notAList("a provider has no id or no models");
    if (Array.isArray(provider.fallback_model_providers)) {
      fallbacks[provider.id] = provider.fallback_model_providers.filter((vendor) => typeof vendor === "string");
    }
    const models = provider.models.filter(isJsonObject);
    const claimed = claim(realNames[provider.id] ?? [], models);
    providers[provider.id] = models.flatMap((model) => readModel(model, claimed.get(model) ?? []));
  }
  return { source, providers, fallbacks };
}

/** None for a model whose prices are all per unit that a Call does not count, such as seconds of audio: it would look free. */
function readModel(model: JsonObject, realNames: string[]): PricedModel[] {
  if (typeof model.id !== "string") throw notAList("a model has no id");
  const id = model.id.toLowerCase();
  const names = [...new Set([...namesIn(model.match), ...realNames])].filter((name) => name !== id);
  const prices = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const [first, ...changes] = prices.map((price) => readSchedule(price, id));
  if (!first || [first, ...changes].some(({ rates }) => Object.keys(rates).length === 0)) return [];
  return [{ id, ...(names.length > 0 && { names }), ...first, ...(changes.length > 0 && { changes }) }];
}

function readSchedule(price: JsonValue | undefined, id: string): Schedule {
  if (!isJsonObject(price) || !isJsonObject(price.prices)) throw notAList(`${id} has no prices`);
  const rates = id.endsWith(":free") ? free : readRates(price.prices, id);
  const constraint = price.constraint;
  if (constraint === undefined || constraint === null) return { rates };
  if (isJsonObject(constraint)) {
    if (typeof constraint.start_date === "string") return { from: constraint.start_date, rates };
    if (typeof constraint.start_time === "string" && typeof constraint.end_time === "string") {
      return { hours: [constraint.start_time.slice(0, 5), constraint.end_time.slice(0, 5)], rates };
    }
  }
  throw notAList(`${id} has a price whose condition is not understood`);
}

function readRates(prices: JsonObject, id: string): Rates {
  const rates: Rates = {};
  for (const [field, value] of Object.entries(prices)) {
    const what = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (what === undefined) continue;
    const scale = what === "webSearch" ? 1000 : 1;
    rates[what] = readRate(value, scale, id);
  }
  return rates;
}

function readRate(value: JsonValue | undefined, scale: number, id: string): Rate {
  if (isPrice(value)) return value * scale;
  if (isJsonObject(value) && isPrice(value.base) && Array.isArray(value.tiers)) {
    const rate = [value.base * scale];
    for (const tier of value.tiers) {
      if (!isJsonObject(tier) || !isPrice(tier.start) || !isPrice(tier.price)) throw notAList(`${id} has a tier without start or price`);
      rate.push(tier.start, tier.price * scale);
    }
    return rate;
  }
  throw notAList(`${id} has a price that is neither a number nor tiers`);
}

const free: Rates = { input: 0, output: 0 };

const isPrice = (value: JsonValue | undefined): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** Names that a matching rule spells out; a loose one is followed by `*`. */
function namesIn(rule: JsonValue | undefined): string[] {
  if (!isJsonObject(rule)) return [];
  const names: string[] = [];
  for (const [kind, value] of Object.entries(rule)) {
    if (kind === "or" && Array.isArray(value)) names.push(...value.flatMap(namesIn));
    if (typeof value !== "string") continue;
    const name = value.toLowerCase();
    if (kind === "equals") names.push(name);
    const whole = name.replace(/[-@]$/, "");
    if (kind === "starts_with" || kind === "contains") names.push(whole, `${whole}*`);
    const dated = kind === "regex" ? /^\^(.+)-(?:\\d\{8\}|\\d\{4\}-\\d\{2\}-\\d\{2\})\$$/.exec(name) : undefined;
    if (dated?.[1]) names.push(`${dated[1].replaceAll("\\.", ".")}*`);
  }
  return names;
}

function claim(realNames: string[], models: JsonObject[]): Map<JsonObject, string[]> {
  const claimed = new Map<JsonObject, string[]>();
  for (const name of realNames) {
    const model = models.find((candidate) => matches(candidate.match, name.toLowerCase()));
    if (model) claimed.set(model, [...(claimed.get(model) ?? []), name.toLowerCase()]);
  }
  return claimed;
}

function matches(rule: JsonValue | undefined, name: string): boolean {
  if (!isJsonObject(rule)) return false;
  if (Array.isArray(rule.or)) return rule.or.some((part) => matches(part, name));
  if (Array.isArray(rule.and)) return rule.and.every((part) => matches(part, name));
  if (typeof rule.equals === "string") return name === rule.equals.toLowerCase();
  if (typeof rule.starts_with === "string") return name.startsWith(rule.starts_with.toLowerCase());
  if (typeof rule.ends_with === "string") return name.endsWith(rule.ends_with.toLowerCase());
  if (typeof rule.contains === "string") return name.includes(rule.contains.toLowerCase());
  return typeof rule.regex === "string" && new RegExp(rule.regex).test(name);
}

const notAList = (why: string) =>
  new CutawayError("not-a-price-list", `this is not a price list of genai-prices: ${why}`, {
    fix: "use prices/new_data/v2/data.json of pydantic/genai-prices",
  });
