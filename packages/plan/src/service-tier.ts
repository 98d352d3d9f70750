import { type Call, isJsonObject } from "@cutaway/core";
import type { ListSource, Priced, PriceList, Rates, Schedule } from "./price-list.ts";

/** Words by which providers name the ordinary tier. */
const standard = new Set(["default", "standard", "auto", "on_demand", "on-demand"]);

/**
 * The rates of the service tier that answered. A tier without a price of its own is priced as the standard one, and says so.
 * schedule  what holds at the call's time
 */
export function tierRates(call: Call, schedule: Schedule, list: PriceList): { rates: Rates; source: ListSource; caveats: string[] } {
  const { rates, tiers } = schedule;
  const ordinary = { rates, source: list.source };
  const served = call.response?.serviceTier?.toLowerCase();
  const asked = call.request?.parameters.serviceTier?.toLowerCase();
  if (served === undefined) {
    if (asked === undefined || standard.has(asked) || asked === "standard_only") return { ...ordinary, caveats: [] };
    return { ...ordinary, caveats: [`service tier ${asked} was asked for, the answer does not say which one it was: priced as standard`] };
  }
  if (standard.has(served)) return { ...ordinary, caveats: [] };
  const own = tiers && Object.hasOwn(tiers, served) ? tiers[served] : undefined;
  if (!own) return { ...ordinary, caveats: [`service tier ${served} has no price in the list: priced as standard`] };
  const missing = (Object.keys(rates) as Priced[]).filter((what) => what !== "webSearch" && own[what] === undefined);
  const caveats = [`service tier ${served}`];
  if (missing.length > 0) caveats.push(`the list has no ${served} price for ${missing.join(", ")}: standard price used where they occur`);
  return { rates: { ...rates, ...own }, source: list.secondSource ?? list.source, caveats };
}

/** Surcharges that the usage names and no list prices: inference in one country, fast mode. */
export function surcharges(call: Call): string[] {
  const { raw } = call.usage;
  if (!isJsonObject(raw)) return [];
  const caveats: string[] = [];
  if (raw.inference_geo === "us") caveats.push("inference_geo us: the surcharge for inference in the US is not included");
  if (raw.speed === "fast") caveats.push("speed fast: the surcharge for fast mode is not included");
  return caveats;
}
