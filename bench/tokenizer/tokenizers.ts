import { fileURLToPath } from "node:url";
import { isCutawayError, type Tokenizer } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";

const fixture = (name: string) => fileURLToPath(new URL(`../../packages/tokenizer/test/fixtures/sentencepiece/${name}`, import.meta.url));

/** One tokenizer of each kind of engine: what comes with the product, two small SentencePiece models, and one of a list of merges where it is installed. */
export const ofEachFamily = ["o200k_base", "bert-base-uncased", fixture("unigram.model"), fixture("bpe.model"), "llama2"];
/** Further ones of the same families. */
export const others = ["cl100k_base", "gpt2", "gemma3", "qwen3"];

/** Undefined where it is in a package that is not installed. */
export async function tokenizerOf(name: string): Promise<Tokenizer | undefined> {
  try {
    return await loadTokenizer(name, { from: fileURLToPath(new URL("../../tools/vocabularies/", import.meta.url)) });
  } catch (error) {
    if (isCutawayError(error) && error.code === "package-missing") return undefined;
    throw error;
  }
}
