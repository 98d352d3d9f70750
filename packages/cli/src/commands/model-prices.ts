import type { TokenPrices } from "@cutaway/plan";

/** A model's prices at its vendor, else wherever a list has it; in words why they are not known. */
export async function modelPrices(model: string, at: Date): Promise<TokenPrices | { unknown: string }> {
  const { catalog, pricesOf } = await import("@cutaway/plan");
  const provider = catalog.find(model)?.provider;
  const ofVendor = pricesOf({ asked: model, ...(provider !== undefined && { provider }) }, at);
  return "unknown" in ofVendor ? pricesOf({ asked: model }, at) : ofVendor;
}
