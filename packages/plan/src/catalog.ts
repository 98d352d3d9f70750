import type { Catalog, CatalogEntry } from "@cutaway/core";
import { embeddedPrices } from "./embedded-prices.ts";
import limitsJson from "./limits.json" with { type: "json" };
import type { Limits, ModelLimits } from "./limits.ts";
import { baseModel, namesOf } from "./model-name.ts";
import { findPriced } from "./price-list.ts";
import { isBedrockName, providerId, providerInName, vendors } from "./providers.ts";
import { tokenizerOf } from "./tokenizer-of.ts";

const limits = limitsJson as Limits;

/**
 * What is known of a model beside its prices. A name is found whole, without its version date, or without the words that say where it runs,
 * never by a loose prefix (a dated version that differs from its family stands in the list itself); a fine-tune has the limits and the tokenizer of its base. A model that no list names is not found.
 */
export const catalog: Catalog = {
  find(model: string, provider?: string): CatalogEntry | undefined {
    const base = baseModel(model);
    const told = provider && !isBedrockName(base) ? providerId(provider) : providerInName(base, (name) => Object.hasOwn(limits.providers, name));
    const found = findLimits(base, told);
    const tokenizer = tokenizerOf(base);
    if (found) return { ...entryOf(found), ...(tokenizer && { tokenizer }) };

    const priced = findPriced(embeddedPrices(), base, provider);
    if ("unknown" in priced) return undefined;
    const { source, secondSource } = embeddedPrices();
    const { name, date } = priced.model.onlySecond && secondSource ? secondSource : source;
    return { provider: priced.provider, model: priced.model.id, ...(tokenizer && { tokenizer }), source: { name, date } };
  },
};

interface Found {
  provider: string;
  name: string;
  limits: ModelLimits;
}

/** At the provider told, else at the model's vendor: windows belong to the model, and a host that cuts one has an entry of its own. */
function findLimits(model: string, told: string | undefined): Found | undefined {
  for (const provider of new Set([...(told ? [told] : []), ...vendors])) {
    const models = Object.hasOwn(limits.providers, provider) ? limits.providers[provider] : undefined;
    for (const name of models ? namesOf(model) : []) {
      if (models && Object.hasOwn(models, name)) return { provider, name, limits: models[name] as ModelLimits };
    }
  }
  return undefined;
}

function entryOf({ provider, name, limits: { window, maxInput, output, cacheMin, other, by } }: Found): Omit<CatalogEntry, "tokenizer"> {
  const source = limits.sources[by ?? 0] as Limits["sources"][number];
  const caveats: string[] = [];
  if (other !== undefined) {
    const rival = limits.sources[1] as Limits["sources"][number];
    caveats.push(`the sources disagree on the context window: ${source.name} (${source.date}) ${window}, ${rival.name} (${rival.date}) ${other}`);
  }
  return {
    provider,
    model: name,
    contextWindow: window,
    ...(maxInput !== undefined && { maxInputTokens: maxInput }),
    ...(output !== undefined && { maxOutputTokens: output }),
    ...(cacheMin !== undefined && { cacheMinTokens: cacheMin }),
    source: { name: source.name, date: source.date },
    ...(caveats.length > 0 && { caveats }),
  };
}
