import type { Expressions, Node } from "../expressions/index.ts";
import { Cursor } from "../notations/cursor.ts";
import { namesOf } from "../notations/items.ts";
import { lower } from "../notations/lower.ts";
import type { TokenIds } from "../notations/tokens.ts";
import { parseRules } from "./parse.ts";

/**
 * A grammar in GBNF, the notation of llama.cpp, from its rule `root`. Rules that begin with themselves are rewritten (llama.cpp refuses them).
 * @throws `grammar-invalid`, `grammar-unsupported` with `data: { line, column }` from 1
 */
export const parseGbnf = (source: string, expressions: Expressions, options: { tokenId?: TokenIds } = {}): Node => {
  const cursor = new Cursor(source);
  const rules = parseRules(cursor, options.tokenId);
  for (const { body } of rules.values())
    for (const { name, position } of namesOf(body)) if (!rules.has(name)) throw cursor.invalid(`there is no rule “${name}”`, position);
  if (!rules.has("root")) throw cursor.invalid("there is no rule “root”, with which every text begins", 0);
  return lower(rules, expressions, {
    start: "root",
    lineOf: (position) => cursor.lineAt(position),
    refuse: (says, position, name) => cursor.unsupported(`the rule “${name}” ${says}`, position),
  });
};
