import type { PriceList } from "./price-list.ts";
import prices from "./prices.json" with { type: "json" };

/** The price list that comes with this version, made by `tools/refresh-prices.ts`; it names its sources and dates. */
export const embeddedPrices = (): PriceList => prices as unknown as PriceList;
