import type { Term, Terms } from "../terms.ts";
import type { Keywords } from "./keywords.ts";

/** The formulas of allOf, anyOf, oneOf, not, and if with then and else. */
export const readLogic = (keywords: Keywords, terms: Terms, child: (schema: unknown, ...path: (string | number)[]) => Term): Term[] => {
  const parts: Term[] = [];
  const children = (keyword: string): Term[] | undefined => keywords.schemas(keyword)?.map((schema, i) => child(schema, keyword, i));
  const [allOf, anyOf, oneOf] = [children("allOf"), children("anyOf"), children("oneOf")];
  if (allOf !== undefined) parts.push(...allOf);
  if (anyOf !== undefined) parts.push(terms.any(...anyOf));
  if (oneOf !== undefined) parts.push(terms.one(...oneOf));
  if (keywords.has("not")) parts.push(terms.not(child(keywords.get("not"), "not")));
  if (keywords.has("if") && (keywords.has("then") || keywords.has("else"))) {
    const condition = child(keywords.get("if"), "if");
    const then = keywords.has("then") ? child(keywords.get("then"), "then") : terms.everything;
    const otherwise = keywords.has("else") ? child(keywords.get("else"), "else") : terms.everything;
    parts.push(terms.any(terms.all(condition, then), terms.all(terms.not(condition), otherwise)));
  }
  return parts;
};
