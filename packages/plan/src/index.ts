export { breakEven, type CachePrices, cachePrices, costIfCached } from "./cache-savings.ts";
export { callTime } from "./call-time.ts";
export { catalog } from "./catalog.ts";
export { type CostOptions, costOf, inputPrice } from "./cost-of.ts";
export { embeddedPrices } from "./embedded-prices.ts";
export { priceListFromGenaiPrices } from "./genai-prices.ts";
export type { ListSource, Priced, PricedModel, PriceList, Rate, Rates, Schedule } from "./price-list.ts";
export { type SharedPrefix, sharedPrefix } from "./shared-prefix.ts";
export { type Counter, type SplitOptions, splitPrompt } from "./split-prompt.ts";
