import type { Source } from "../../expressions/kinds.ts";
import { allText } from "../../text/index.ts";
import { type Form, noValue } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";

/** Formulas for single values. Equal values are one formula, whatever the order of their properties. */
export class Values {
  #terms: Terms;
  #known = new Map<string, Term>();

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** Just this value. */
  one(value: unknown, source: Source): Term {
    const key = `${source.pointer} ${source.keyword} ${canonical(value)}`;
    let term = this.#known.get(key);
    if (term === undefined) {
      term = this.#terms.leaf(this.any([value], source));
      this.#known.set(key, term);
    }
    return term;
  }

  /** Any of these values. */
  any(values: readonly unknown[], source: Source): Form {
    const sources = [source];
    const distinct = [...new Map(values.map((value) => [canonical(value), value])).values()];
    const of = <T>(is: (value: unknown) => value is T): T[] => distinct.filter(is);
    const [booleans, numbers, strings] = [of(isBoolean), of(isNumber), of(isString)];
    return {
      ...noValue,
      null: distinct.includes(null) ? [{ sources }] : [],
      boolean: booleans.length === 0 ? [] : [{ sources, values: booleans.sort() }],
      number: numbers.length === 0 ? [] : [{ sources, set: {}, values: numbers }],
      string: strings.length === 0 ? [] : [{ sources, text: allText, min: 0, values: strings }],
      array: of(isArray).map((items) => ({
        sources,
        prefix: items.map((item) => this.one(item, source)),
        rest: this.#terms.nothing,
        min: items.length,
        max: items.length,
        contains: [],
      })),
      object: of(isRecord).map((record) => {
        const names = Object.keys(record);
        return {
          sources,
          names: new Map(names.map((name) => [name, { term: this.one(record[name], source), declared: true }])),
          others: [{ patterns: [], rest: this.#terms.nothing }],
          required: new Map(names.map((name) => [name, source])),
          min: 0,
          some: [],
        };
      }),
    };
  }
}

const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isNumber = (value: unknown): value is number => typeof value === "number";
const isString = (value: unknown): value is string => typeof value === "string";
const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Equal JSON values, equal texts. */
export const canonical = (value: unknown): string => {
  if (isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? "null";
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join()}}`;
};
