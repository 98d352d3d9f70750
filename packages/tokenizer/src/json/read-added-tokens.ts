import type { TokenId } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";
import { maxTokenId } from "../bpe/vocabulary.ts";
import type { Fields } from "./fields.ts";

/** Every place in a text may be compared with this many units of a token. */
export const longestContent = 1024;
/** All contents together: each unit may take a node of the search tree. The published files stay below a tenth. */
export const mostContent = 1_000_000;

/** `added_tokens`, by whether they are found before or after normalisation. `vocab.get` gives a token's id in the model's vocabulary. */
export function readAddedTokens(file: Fields, vocab: Pick<Fields, "get">): { addedTokens: AddedToken[]; normalizedTokens: AddedToken[] } {
  const addedTokens: AddedToken[] = [];
  const normalizedTokens: AddedToken[] = [];
  const contentOf = new Map<number, string>();
  const idOf = new Map<string, number>();
  let total = 0;
  for (const fields of file.has("added_tokens") ? file.objects("added_tokens") : []) {
    const content = fields.string("content");
    const id = fields.integer("id", maxTokenId);
    const inVocabulary = vocab.get(content);
    const shown = JSON.stringify(content.slice(0, 60));
    if (content.length > longestContent) throw fields.bad(`${fields.at("content")} is longer than ${longestContent} characters`);
    total += content.length;
    if (total > mostContent) throw file.bad(`added_tokens hold more than ${mostContent} characters`);
    if (inVocabulary !== undefined && inVocabulary !== id)
      throw fields.bad(`${fields.path} gives ${shown} the id ${id}, the vocabulary ${inVocabulary}`);
    if (idOf.get(content) === id) continue;
    if (idOf.has(content)) throw fields.bad(`${fields.path} gives ${shown} a second id`);
    if (contentOf.has(id)) throw fields.bad(`${fields.path} gives the id ${id} to a second token, ${shown}`);
    contentOf.set(id, content);
    idOf.set(content, id);
    const special = fields.boolean("special", false);
    const token: AddedToken = {
      content,
      id: id as TokenId,
      special,
      singleWord: fields.boolean("single_word", false),
      lstrip: fields.boolean("lstrip", false),
      rstrip: fields.boolean("rstrip", false),
    };
    (fields.boolean("normalized", !special) ? normalizedTokens : addedTokens).push(token);
  }
  return { addedTokens, normalizedTokens };
}
