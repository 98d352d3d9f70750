import type { NumberSet } from "../../numbers/index.ts";
import { numberMatches } from "../../numbers/index.ts";
import type { Keywords } from "../read/keywords.ts";
import { readNumber } from "../read/scalars.ts";

const bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] as const;

/** What the keywords for numbers find wrong. */
export function* numberFaults(keywords: Keywords, value: number): Generator<[keyword: string, says: string]> {
  const { set } = readNumber(keywords, (keyword) => ({ keyword }));
  const only = (part: NumberSet): boolean => numberMatches(part, value);
  for (const keyword of bounds) {
    const bound = set[keyword];
    if (bound !== undefined && !only({ [keyword]: bound }))
      yield [keyword, `${value} is ${keyword.toLowerCase().includes("min") ? "too small" : "too great"}, the limit is ${bound}`];
  }
  if (set.multipleOf !== undefined && !only({ multipleOf: set.multipleOf }))
    yield ["multipleOf", `${value} is no multiple of ${set.multipleOf.join(", ")}`];
}

/** What minLength and maxLength find wrong. */
export function* lengthFaults(keywords: Keywords, value: string): Generator<[keyword: string, says: string]> {
  const [min, max] = [keywords.count("minLength"), keywords.count("maxLength")];
  if (min === undefined && max === undefined) return;
  const characters = [...value].length;
  if (min !== undefined && characters < min) yield ["minLength", `it has ${characters} characters, at least ${min} are wanted`];
  if (max !== undefined && characters > max) yield ["maxLength", `it has ${characters} characters, at most ${max} are wanted`];
}

export const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
};

/** `type` as JSON Schema counts types: 1.0 is an integer. */
export const isOfType = (value: unknown, type: string): boolean => (type === "integer" ? Number.isInteger(value) : typeOf(value) === type);
