import { type Call, type Catalog, type CatalogEntry, CutawayError, durationsOf, type Explanation, type Facts, type Tokenizer } from "@cutaway/core";
import { callTime, costOf, embeddedPrices, inputPrice, splitPrompt } from "@cutaway/plan";
import { findingsOf } from "./findings-of.ts";
import { promptSplitOf } from "./prompt-split-of.ts";
import { stripOf } from "./strip-of.ts";

export interface Sources {
  catalog: Catalog;
  loadTokenizer(name: string): Promise<Tokenizer>;
  /** Earlier calls of the same session, oldest first. */
  related?: Call[];
  /** Instead of the catalog's; a local call's own context size stands above it. */
  contextWindow?: number;
  /** Instead of the catalog's: a name or the path of a `tokenizer.json`, taken as the model's own. */
  tokenizer?: string;
  /** When the call was made, for calls that do not say it: their price depends on it. Default: the date of the price list, with a caveat. */
  at?: Date;
}

/**
 * A call with all that can be derived from it: facts of the model, prompt split, cost, durations, tokens and findings.
 * throws  what `loadTokenizer` throws for a tokenizer asked for by name; one that only the catalog named is done without
 */
export async function explain(call: Call, sources: Sources): Promise<Explanation> {
  const isLocal = call.local !== undefined || call.format === "local";
  const entry = isLocal ? undefined : entryOf(call, sources.catalog);
  const counter = await counterOf(entry, sources);
  const when = sources.at ? { at: sources.at } : {};
  const priced = isLocal ? { unknown: "a local model has no price" } : costOf(call, when);
  const price = isLocal ? undefined : inputPrice(call.model, callTime(call, { ...when, listDate: embeddedPrices().source.date }).at);
  const prompt =
    promptSplitOf(call) ??
    (call.request &&
      splitPrompt(call.request, {
        ...(counter && { counter }),
        ...(price !== undefined && { inputPricePerMillion: price }),
        ...(call.usage.inputTokens !== undefined && { providerInputTokens: call.usage.inputTokens }),
      }));
  const contextWindow = call.local?.contextSize ?? sources.contextWindow ?? entry?.contextWindow;
  const facts: Facts = {
    ...(contextWindow !== undefined && { contextWindow }),
    ...(entry?.maxOutputTokens !== undefined && { maxOutputTokens: entry.maxOutputTokens }),
    ...(counter && { tokenizer: counter }),
    ...(entry && { entry }),
    ...("cost" in priced && { cost: priced.cost }),
    ...(prompt && { prompt }),
    ...(sources.related && { related: sources.related }),
  };
  return {
    call,
    findings: findingsOf(call, facts),
    durations: durationsOf(call),
    ...(entry && { entry }),
    ...("cost" in priced ? { cost: priced.cost } : { costUnknown: priced.unknown }),
    ...(prompt && { prompt }),
    strips: call.answers.map((answer, i) => stripOf(answer, i, counter)),
  };
}

/** The entry of the model that served the call, else of the one that was asked for. */
function entryOf({ model }: Call, catalog: Catalog): CatalogEntry | undefined {
  const find = (name: string | undefined) => (name === undefined ? undefined : catalog.find(name, model.provider));
  return find(model.served) ?? find(model.asked);
}

async function counterOf(entry: CatalogEntry | undefined, sources: Sources): Promise<Facts["tokenizer"]> {
  if (sources.tokenizer !== undefined) {
    const known = entry?.tokenizer?.name === sources.tokenizer ? entry.tokenizer.exact : true;
    return { tokenizer: await sources.loadTokenizer(sources.tokenizer), exact: known };
  }
  if (!entry?.tokenizer) return undefined;
  try {
    return { tokenizer: await sources.loadTokenizer(entry.tokenizer.name), exact: entry.tokenizer.exact };
  } catch (error) {
    if (error instanceof CutawayError) return undefined;
    throw error;
  }
}
