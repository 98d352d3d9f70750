import type { Engine } from "./engine.ts";

const asText = { disallowedSpecial: "as-text" } as const;

export async function load(): Promise<Engine> {
  const { loadTokenizer } = await import("@cutaway/tokenizer/named");
  let tokenizer = await loadTokenizer("o200k_base");
  return {
    encode: (text) => tokenizer.encode(text, asText),
    count: (text) => tokenizer.count(text, asText),
    async forget() {
      tokenizer = await another();
    },
  };
}

/** `loadTokenizer` would give the one that is there. */
async function another() {
  const [{ loadCatalogued }, { cataloguedTokenizer }] = await Promise.all([
    import("../../../packages/tokenizer/src/named/load-catalogued.ts"),
    import("../../../packages/tokenizer/src/known/tokenizer-catalog.ts"),
  ]);
  const entry = cataloguedTokenizer("o200k_base");
  if (!entry) throw new Error("o200k_base is not in the catalogue");
  return loadCatalogued(entry, undefined);
}
