import { catalog, embeddedPrices, inputPrice } from "@cutaway/plan";

export interface InputPrice {
  provider: string;
  model: string;
  /** US dollars per million uncached input tokens of a small call. */
  input: number;
  /** The tokenizer that counts for this model; not exact where another stands in for one that is not published. */
  tokenizer: { name: string; exact: boolean };
}

/** Every model of the embedded list that reads text and charges for it, at the prices of a time. */
export function inputPrices(at: Date): InputPrice[] {
  const prices = embeddedPrices();
  return Object.entries(prices.providers).flatMap(([provider, models]) =>
    models.flatMap(({ id }) => {
      const input = inputPrice({ provider, asked: id }, at, prices);
      const tokenizer = catalog.find(id, provider)?.tokenizer;
      return input === undefined || !tokenizer ? [] : [{ provider, model: id, input, tokenizer }];
    }),
  );
}
