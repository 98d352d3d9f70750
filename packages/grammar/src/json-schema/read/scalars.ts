import type { Source } from "../../expressions/kinds.ts";
import type { NumberSet } from "../../numbers/index.ts";
import { allText, both, type Text } from "../../text/index.ts";
import type { NumberClause, StringClause } from "../forms.ts";
import type { Keywords } from "./keywords.ts";

/** The conditions on numbers. Draft 4 has `exclusiveMinimum: true` beside `minimum`. */
export const readNumber = (keywords: Keywords, source: (keyword: string) => Source): NumberClause => {
  const set: { -readonly [K in keyof NumberSet]: NumberSet[K] } = {};
  const sources: Source[] = [];
  for (const [inclusive, exclusive] of [
    ["minimum", "exclusiveMinimum"],
    ["maximum", "exclusiveMaximum"],
  ] as const) {
    const bound = keywords.number(inclusive);
    const flag = keywords.get(exclusive);
    if (bound !== undefined) {
      set[flag === true ? exclusive : inclusive] = bound;
      sources.push(source(inclusive));
    }
    if (typeof flag !== "boolean" && flag !== undefined) {
      set[exclusive] = keywords.number(exclusive);
      sources.push(source(exclusive));
    }
  }
  const factor = keywords.number("multipleOf");
  if (factor !== undefined) {
    if (factor <= 0) throw keywords.invalid("multipleOf", "is not greater than 0");
    set.multipleOf = [factor];
    sources.push(source("multipleOf"));
  }
  return { sources, set };
};

/** The conditions on strings. `text` gives the languages of patterns and formats; undefined: no condition. */
export const readString = (
  keywords: Keywords,
  source: (keyword: string) => Source,
  text: { pattern(value: string): Text | undefined; format(value: string): Text | undefined },
): StringClause => {
  const sources: Source[] = [];
  let language: Text = allText;
  for (const keyword of ["pattern", "format"] as const) {
    const value = keywords.string(keyword);
    const found = value === undefined ? undefined : text[keyword](value);
    if (found === undefined) continue;
    language = both(language, found);
    sources.push(source(keyword));
  }
  const min = keywords.count("minLength");
  const max = keywords.count("maxLength");
  if (min !== undefined) sources.push(source("minLength"));
  if (max !== undefined) sources.push(source("maxLength"));
  return { sources, text: language, min: min ?? 0, max };
};
