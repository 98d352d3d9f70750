export { catalog } from "./catalog.ts";
export { type CostOptions, costOf, inputPrice } from "./cost-of.ts";
export { embeddedPrices } from "./embedded-prices.ts";
export { priceListFromGenaiPrices } from "./genai-prices.ts";
export type { ListSource, Priced, PricedModel, PriceList, Rate, Rates, Schedule } from "./price-list.ts";
