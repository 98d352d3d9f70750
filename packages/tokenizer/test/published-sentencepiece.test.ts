import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isInstalled, loadTokenizer, tokenizerCatalog } from "@cutaway/tokenizer/named";
import { describe, expect, test } from "vitest";

/** Made by tools/golden/published-sentencepiece.py with SentencePiece and Hugging Face's tokenizers. */
const golden = JSON.parse(readFileSync(new URL("fixtures/published-sentencepiece.json", import.meta.url), "utf8")) as {
  texts: string[];
  vocabularies: { name: string; ids: string[] }[];
};
/** Where they are installed: `npm ci` in tools/vocabularies. */
const from = fileURLToPath(new URL("../../../tools/vocabularies", import.meta.url));
const isThere = (name: string) => tokenizerCatalog.some((entry) => entry.name === name && isInstalled(entry, from));
const asText = { disallowedSpecial: "as-text" } as const;

describe.each(golden.vocabularies)("$name", ({ name, ids }) => {
  test.skipIf(!isThere(name))("its ids, counts and spans are those of the reference", async () => {
    const tokenizer = await loadTokenizer(name, { from });
    for (const [index, text] of golden.texts.entries()) {
      expect.soft(tokenizer.encode(text, asText).join(" "), JSON.stringify(text)).toBe(ids[index]);
      expect.soft(tokenizer.count(text, asText)).toBe(ids[index] === "" ? 0 : ids[index]?.split(" ").length);
      expect.soft(tokenizer.encodeWithOffsets(text, asText).ids.join(" "), JSON.stringify(text)).toBe(ids[index]);
    }
  });
});
