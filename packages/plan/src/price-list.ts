import { namesOf, withoutDate } from "./model-name.ts";
import { isBedrockName, providerId, providerInName, vendors } from "./providers.ts";

/** What a list puts a price on. Tokens, except `webSearch`: one search. */
export type Priced =
  | "input"
  | "output"
  | "reasoning"
  | "cacheRead"
  | "cacheWrite"
  | "cacheWrite1h"
  | "inputAudio"
  | "outputAudio"
  | "inputImage"
  | "webSearch";

/**
 * US dollars per million. An array is a price by the size of the call: [base, start, price, start, price …]: with more than `start`
 * input tokens the whole call costs that price, not only what lies above (a cliff).
 */
export type Rate = number | number[];
export type Rates = { [what in Priced]?: Rate };

/** Rates with the time at which they hold. */
export interface Schedule {
  /** ISO date (00:00 UTC) from which these rates hold; without it they always did. */
  from?: string;
  /** UTC times of day `HH:MM` between which they hold, each day; may pass midnight. */
  hours?: [start: string, end: string];
  rates: Rates;
  /** Prices of other service tiers while these rates hold, by the name the provider gives them. They replace the standard ones. */
  tiers?: { [tier: string]: Rates };
  /** What the second source says of these rates where it disagrees: US dollars per million input and output tokens. */
  disagrees?: { input?: number; output?: number };
}

/** A model with the rates it had first. */
export interface PricedModel extends Schedule {
  id: string;
  /** Other names. A `*` at the end: a version date may follow. */
  names?: string[];
  /** Later rates; the last one that holds at a time counts. */
  changes?: Schedule[];
  /** The first source does not have this model: these are prices of the second. */
  onlySecond?: true;
}

export interface ListSource {
  name: string;
  version: string;
  /** ISO date at which the list was made. */
  date: string;
}

export interface PriceList {
  source: ListSource;
  /** Where tiers and disagreements come from. */
  secondSource?: ListSource;
  providers: { [provider: string]: PricedModel[] };
  /** Providers that charge what a model's vendor charges, where they have no price of their own: provider → vendors. */
  fallbacks?: { [provider: string]: string[] };
}

export interface PriceMatch {
  provider: string;
  model: PricedModel;
  caveats: string[];
}

/** The prices of a model, or in words why there are none. provider  as the call says; unknown is allowed, and guessed from the name only with a caveat. */
export function findPriced(list: PriceList, model: string, provider?: string): PriceMatch | { unknown: string } {
  const told = provider && !isBedrockName(model) ? providerId(provider) : providerInName(model, (name) => Object.hasOwn(list.providers, name));
  if (told !== undefined) {
    const names = namesAt(list, told);
    if (!names) return { unknown: `no prices for provider ${told} in ${list.source.name} ${list.source.version}` };
    const match = lookUp(names, told, model) ?? fallBack(list, told, model);
    return match ?? { unknown: `no price for model ${shown(model)} of ${told}` };
  }
  for (const vendor of vendors) {
    const names = namesAt(list, vendor);
    const match = names && lookUp(names, vendor, model);
    if (match) return { ...match, caveats: [`provider not known: priced as if called at ${vendor}`, ...match.caveats] };
  }
  return { unknown: `no price for model ${shown(model)}` };
}

type Names = Map<string, PricedModel>;
const indexes = new WeakMap<PricedModel[], Names>();

/** The names of one provider's models, built when first asked for: most processes ask for one. */
function namesAt(list: PriceList, provider: string): Names | undefined {
  const models = Object.hasOwn(list.providers, provider) ? list.providers[provider] : undefined;
  if (!models) return undefined;
  let names = indexes.get(models);
  if (!names) {
    names = new Map();
    for (const model of models) for (const name of [model.id, ...(model.names ?? [])]) if (!names.has(name)) names.set(name, model);
    indexes.set(models, names);
  }
  return names;
}

function lookUp(names: Names, provider: string, model: string): PriceMatch | undefined {
  for (const name of namesOf(model)) {
    const exact = names.get(name) ?? names.get(`${withoutDate(name)}*`);
    if (exact) return { provider, model: exact, caveats: [...routed(model, name, provider), ...undated(model, name)] };
  }
  return undefined;
}

function fallBack(list: PriceList, provider: string, model: string): PriceMatch | undefined {
  for (const vendor of list.fallbacks?.[provider] ?? []) {
    const names = namesAt(list, vendor);
    const match = names && lookUp(names, vendor, model);
    if (match)
      return { ...match, provider, caveats: [`${provider} has no price of its own in the list: priced as ${vendor} charges`, ...match.caveats] };
  }
  return undefined;
}

function routed(model: string, found: string, provider: string): string[] {
  const tail = model.slice(model.lastIndexOf("/") + 1);
  const isGateways = tail !== model && !found.includes("/");
  return isGateways ? [`${shown(model)} is the name that a gateway uses: priced as ${provider} charges for ${found}`] : [];
}

/** A caveat where only the name without its date stands in the list: dated versions can differ in price. */
function undated(model: string, found: string): string[] {
  const cameByDate = namesOf(model).some((name) => name !== found && withoutDate(name) === found && name !== `${found}-latest`);
  return cameByDate ? [`the list names ${found}, not the dated version ${shown(model)}: their prices can differ`] : [];
}

const shown = (model: string) => (model.length > 80 ? `${model.slice(0, 80)}…` : model);
