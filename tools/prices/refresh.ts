/**
 * Makes the embedded lists of packages/plan: `src/prices.json` and `src/limits.json`.
 *
 *   npx node --conditions=@cutaway/source tools/prices/refresh.ts LITELLM_JSON LITELLM_VERSION LITELLM_DATE
 *
 * Prices come from the pinned devDependency @pydantic/genai-prices (MIT); tiers, limits and the cross-check from a file of LiteLLM's
 * `model_prices_and_context_window.json` (MIT) at the stated commit and date. Only figures, names and dates are taken, condensed.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { JsonValue } from "@cutaway/core";
import { findProvider } from "@pydantic/genai-prices";
import { priceListFromGenaiPrices } from "../../packages/plan/src/genai-prices.ts";
import type { Limits, ModelLimits } from "../../packages/plan/src/limits.ts";
import { baseModel, namesOf } from "../../packages/plan/src/model-name.ts";
import { findPriced, type PricedModel, type Rate, type Rates, type Schedule } from "../../packages/plan/src/price-list.ts";
import { vendors } from "../../packages/plan/src/providers.ts";
import { scheduleAt } from "../../packages/plan/src/rates-at.ts";
import { type Listed, type LiteLlmMap, listed, ratesOf, tiersOf } from "./litellm.ts";

const [file, version, date] = process.argv.slice(2);
if (!file || !version || !date) throw new Error("usage: refresh.ts LITELLM_JSON LITELLM_VERSION LITELLM_DATE");

const genai = { name: "genai-prices", version: "0.1.8", date: "2026-09-23" };
const litellm = { name: "LiteLLM price map", version, date };
/** Tokens; every OpenAI model with a price for cached input. Source: OpenAI's guide to prompt caching, as stored in November 2026. */
const openaiCacheMin = 1024;
const kept = [..."openai anthropic azure aws google deepseek groq x-ai mistral together openrouter cerebras moonshotai alibaba fireworks".split(" ")];

const models = listed(JSON.parse(readFileSync(file, "utf8")) as LiteLlmMap).filter(
  ({ name }) => !/^(?:us|eu|global|global-standard|[a-z]{2}(?:-gov)?-[a-z]+-\d)\//.test(name),
);
const realNames = Object.fromEntries(
  kept.map((provider) => [provider, models.filter((model) => model.provider === provider).map(({ name }) => name)]),
);
const providers = kept
  .flatMap((id) => findProvider({ providerId: id }) ?? [])
  .filter(({ id }, i, all) => all.findIndex((other) => other.id === id) === i);
const list = priceListFromGenaiPrices(providers as unknown as JsonValue, genai, realNames);
list.secondSource = litellm;
const windows = new Map(providers.map(({ id, models }) => [id, new Map(models.map((model) => [model.id.toLowerCase(), model.context_window]))]));

addSecondSource();
pruneNames();
list.fallbacks = Object.fromEntries(
  Object.entries(list.fallbacks ?? {}).map(([id, vendors]) => [id, vendors.filter((vendor) => vendor in list.providers)]),
);

write("prices.json", list);
write("limits.json", { sources: [litellm, { name: genai.name, date: genai.date }], providers: limits() });

/** Tiers and disagreements at the date of the second source, and the models that only it has. */
function addSecondSource() {
  const plainNamesFirst = models.toSorted((a, b) => Number(/\d{4}$/.test(a.name)) - Number(/\d{4}$/.test(b.name)));
  for (const { provider, name, entry } of plainNamesFirst) {
    const rates = ratesOf(entry);
    if (rates.input === undefined) continue;
    const found = findPriced(list, name, provider);
    if ("unknown" in found || found.caveats.length > 0) {
      if (provider === "alibaba" || name.startsWith("ft:")) addModel(provider, name, entry);
      continue;
    }
    const tiers = provider === "openai" || provider === "azure" ? tiersOf(entry) : undefined;
    for (const schedule of schedulesAt(found.model, new Date(date as string))) compare(schedule, rates, tiers);
  }
}

/** A tier price belongs to the standard price it was listed with: where the lists differ on that, it is not taken. */
function compare(schedule: Schedule, rates: Rates, tiers: Schedule["tiers"]) {
  const theirs = { input: base(rates.input), output: base(rates.output) };
  const ours = { input: base(schedule.rates.input), output: base(schedule.rates.output) };
  const differ = (["input", "output"] as const).filter((what) => theirs[what] && ours[what] && Math.abs(theirs[what] / ours[what] - 1) > 0.005);
  if (differ.length > 0) schedule.disagrees ??= Object.fromEntries(differ.map((what) => [what, theirs[what]]));
  else if (tiers) schedule.tiers ??= tiers;
}

/** What holds on a day, at any hour. */
function schedulesAt(model: PricedModel, day: Date): Schedule[] {
  const daily = (model.changes ?? []).filter(({ hours, from }) => hours && (from === undefined || Date.parse(from) <= day.getTime()));
  return [scheduleAt({ ...model, changes: model.changes?.filter(({ hours }) => !hours) ?? [] }, day), ...daily].map((schedule) =>
    own(model, schedule),
  );
}

/** The object that lies in the list, not a copy of it. */
function own(model: PricedModel, schedule: Schedule): Schedule {
  return schedule.rates === model.rates ? model : schedule;
}

function addModel(provider: string, name: string, entry: Listed["entry"]) {
  const tiers = tiersOf(entry);
  list.providers[provider] ??= [];
  list.providers[provider].push({ id: name, rates: ratesOf(entry), ...(tiers && { tiers }), onlySecond: true });
}

/** Drops names that the name rules find anyway, so that the file holds only what it must. */
function pruneNames() {
  for (const [provider, models] of Object.entries(list.providers)) {
    for (const model of models) {
      for (const name of [...(model.names ?? [])].sort((a, b) => b.length - a.length)) {
        const without = (model.names ?? []).filter((other) => other !== name);
        if (name.endsWith("*") ? without.includes(name) : findsWithout(provider, models, model, without, name)) model.names = without;
      }
      if (model.names?.length === 0) delete model.names;
    }
  }
}

function findsWithout(provider: string, models: PricedModel[], model: PricedModel, names: string[], name: string): boolean {
  const trial = { ...model, names };
  const found = findPriced(
    { ...list, fallbacks: {}, providers: { [provider]: models.map((other) => (other === model ? trial : other)) } },
    name,
    provider,
  );
  return !("unknown" in found) && found.model === trial && found.caveats.length === 0;
}

function limits(): Limits["providers"] {
  const all: Limits["providers"] = {};
  const put = (provider: string, name: string, limits: ModelLimits) => {
    all[provider] ??= {};
    all[provider][name] ??= limits;
  };
  for (const { provider, name, entry } of models) {
    if (provider === "fireworks") continue;
    if (!entry.max_input_tokens || /^(?:ft:|container|together-ai-|fireworks-ai-)/.test(name)) continue;
    put(provider, name, limitsOf(provider, name, entry));
  }
  for (const [provider, byId] of windows) {
    for (const [id, window] of byId) if (window && provider !== "openrouter" && !all[provider]?.[id]) put(provider, id, { window, by: 1 });
  }
  return Object.fromEntries(Object.entries(all).map(([provider, models]) => [provider, pruned(provider, models, all)]));
}

/** LiteLLM's `max_input_tokens` is the window, except where it and the output cap add up to the window the other source has. */
function limitsOf(provider: string, name: string, entry: Listed["entry"]): ModelLimits {
  const [input, output] = [entry.max_input_tokens as number, entry.max_output_tokens];
  const priced = findPriced(list, name, provider);
  const other = "unknown" in priced ? undefined : windows.get(priced.provider)?.get(priced.model.id);
  const capped = other !== undefined && output !== undefined && input + output === other;
  const cacheMin = entry.prompt_cache_min_tokens ?? (provider === "openai" && entry.cache_read_input_token_cost ? openaiCacheMin : undefined);
  return {
    window: capped ? other : input,
    ...(capped && { maxInput: input }),
    ...(output && entry.mode !== "embedding" && { output }),
    ...(cacheMin && { cacheMin }),
    ...(other !== undefined && !capped && other !== input && { other }),
  };
}

/** Without names that lead to the same limits by a more general name, or at the vendor. */
function pruned(provider: string, models: { [name: string]: ModelLimits }, all: Limits["providers"]): { [name: string]: ModelLimits } {
  const same = (a: ModelLimits, b: ModelLimits | undefined) =>
    b !== undefined && a.window === b.window && a.output === b.output && a.maxInput === b.maxInput;
  return Object.fromEntries(
    Object.entries(models).filter(([name, limits]) => {
      const general = namesOf(baseModel(name)).slice(1);
      if (general.some((other) => same(limits, models[other]))) return false;
      const vendor = vendors.includes(provider as never)
        ? undefined
        : vendors.find((id) => all[id] && namesOf(name).some((other) => all[id]?.[other]));
      return !(vendor && namesOf(name).some((other) => same(limits, all[vendor]?.[other])));
    }),
  );
}

function base(rate: Rate | undefined): number | undefined {
  return Array.isArray(rate) ? rate[0] : rate;
}

function write(name: string, content: object) {
  const path = fileURLToPath(new URL(`../../packages/plan/src/${name}`, import.meta.url));
  const text = JSON.stringify(content);
  writeFileSync(path, text);
  execFileSync("npx", ["biome", "format", "--write", path]);
  console.log(`${name}: ${text.length} bytes`);
}
