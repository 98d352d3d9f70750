import type { Source } from "../../expressions/index.ts";
import type { Text } from "../../text/index.ts";
import { type ArrayClause, type Form, noValue, type ObjectClause } from "../forms.ts";
import type { Place } from "../places.ts";
import type { Term, Terms } from "../terms.ts";
import { Keywords } from "./keywords.ts";

/** Which properties, and how many items, have been looked at. */
interface Evaluated {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly Text[];
  /** Every property. */
  readonly everyProperty: boolean;
  /** Items before this index. */
  readonly items: number;
  /** And items that are as one of these says (`contains`). */
  readonly contained: readonly Term[];
}

/** What is evaluated of the values that meet a condition. */
interface Case {
  readonly condition: Term;
  readonly evaluated: Evaluated;
}

export interface UnevaluatedNeeds {
  terms: Terms;
  everything: Form;
  follow(place: Place, keyword: "$ref" | "$dynamicRef", reference: string): Place | boolean;
  child(place: Place, schema: unknown, ...path: (string | number)[]): Place | boolean;
  /** undefined: cannot be told. */
  pattern(place: Place, value: string): Text | undefined;
}

const none: Evaluated = { names: new Set(), patterns: [], everyProperty: false, items: 0, contained: [] };
const mostCases = 64;

/** Why it cannot be told what is evaluated. */
export class Untold {
  readonly says: string;
  constructor(says: string) {
    this.says = says;
  }
}

/**
 * The formula of unevaluatedProperties or unevaluatedItems: what is not evaluated is as `term` says, in each case of what is.
 * @throws Untold
 */
export const readUnevaluated = (needs: UnevaluatedNeeds, what: "properties" | "items", place: Place, term: Term, source: Source): Term[] => {
  const { terms } = needs;
  if (term === terms.everything) return [];
  const cases = casesAt(needs, what, place);
  return [terms.any(...cases.map(({ condition, evaluated }) => terms.all(condition, othersAre(needs, what, evaluated, term, source))))];
};

const othersAre = (needs: UnevaluatedNeeds, what: "properties" | "items", evaluated: Evaluated, term: Term, source: Source): Term => {
  const { terms, everything } = needs;
  const sources = [source];
  if (what === "items") {
    if (evaluated.items === Infinity) return terms.everything;
    const prefix = Array<Term>(evaluated.items).fill(terms.everything);
    const rest = terms.any(...evaluated.contained, term);
    return terms.leaf({ ...everything, array: [{ ...(everything.array[0] as ArrayClause), sources, prefix, rest }] });
  }
  if (evaluated.everyProperty) return terms.everything;
  const names = new Map([...evaluated.names].map((name) => [name, { term: terms.everything, declared: false }]));
  const patterns = evaluated.patterns.map((keys) => ({ keys, term: terms.everything }));
  return terms.leaf({ ...everything, object: [{ ...(everything.object[0] as ObjectClause), sources, names, others: [{ patterns, rest: term }] }] });
};

/** Objects that have this property. */
const hasProperty = ({ terms, everything }: UnevaluatedNeeds, name: string): Term =>
  terms.leaf({ ...noValue, object: [{ ...(everything.object[0] as ObjectClause), required: new Map([[name, {}]]) }] });

/**
 * What the keywords of a place and of all that applies to the same value evaluate, for properties or for items: one case for each way in which their
 * alternatives can hold. The conditions of the cases are exhaustive for the values that are valid at the place.
 * @throws Untold
 */
const casesAt = (needs: UnevaluatedNeeds, what: "properties" | "items", place: Place, top = true, path: readonly Place[] = []): Case[] => {
  const { terms } = needs;
  if (path.includes(place)) return [{ condition: terms.everything, evaluated: none }];
  const keywords = new Keywords(place);
  const within = (schema: Place | boolean): Case[] => {
    if (typeof schema === "boolean") return [{ condition: schema ? terms.everything : terms.nothing, evaluated: none }];
    return casesAt(needs, what, schema, false, [...path, place]).map((one) => ({ ...one, condition: terms.all(terms.place(schema), one.condition) }));
  };
  const child = (schema: unknown, ...steps: (string | number)[]): Place | boolean => needs.child(place, schema, ...steps);
  const fails = (schema: Place | boolean): Case => ({ condition: terms.not(terms.place(schema)), evaluated: none });

  let cases: Case[] = [{ condition: terms.everything, evaluated: ownOf(needs, keywords, what, top) }];
  const also = (more: readonly Case[]): void => {
    cases = cases.flatMap((a) => more.map((b) => ({ condition: terms.all(a.condition, b.condition), evaluated: union(a.evaluated, b.evaluated) })));
    cases = cases.filter(({ condition }) => condition !== terms.nothing);
    if (cases.length > mostCases) throw new Untold(`which ${what} are evaluated depends on too many alternatives`);
  };
  for (const keyword of ["$ref", "$dynamicRef"] as const) {
    const reference = keywords.string(keyword);
    if (reference !== undefined) also(within(needs.follow(place, keyword, reference)));
  }
  for (const [i, schema] of (keywords.schemas("allOf") ?? []).entries()) also(within(child(schema, "allOf", i)));
  for (const [i, schema] of (keywords.schemas("anyOf") ?? []).entries()) {
    const inner = child(schema, "anyOf", i);
    also([...within(inner), fails(inner)]);
  }
  const one = keywords.schemas("oneOf");
  if (one !== undefined) also(one.flatMap((schema, i) => within(child(schema, "oneOf", i))));
  if (keywords.has("if")) {
    const condition = child(keywords.get("if"), "if");
    const branch = (keyword: string): Case[] =>
      keywords.has(keyword) ? within(child(keywords.get(keyword), keyword)) : [{ condition: terms.everything, evaluated: none }];
    also([...product(terms, within(condition), branch("then")), ...product(terms, [fails(condition)], branch("else"))]);
  }
  for (const keyword of ["dependentSchemas", "dependencies"]) {
    for (const [name, schema] of Object.entries(keywords.record(keyword) ?? {})) {
      if (Array.isArray(schema)) continue;
      const has = hasProperty(needs, name);
      also([
        ...product(terms, [{ condition: has, evaluated: none }], within(child(schema, keyword, name))),
        { condition: terms.not(has), evaluated: none },
      ]);
    }
  }
  return cases;
};

const product = (terms: Terms, some: readonly Case[], more: readonly Case[]): Case[] =>
  some.flatMap((a) => more.map((b) => ({ condition: terms.all(a.condition, b.condition), evaluated: union(a.evaluated, b.evaluated) })));

/** What a place's own keywords evaluate. */
const ownOf = (needs: UnevaluatedNeeds, keywords: Keywords, what: "properties" | "items", top: boolean): Evaluated => {
  if (what === "items") {
    const { place } = keywords;
    const contained = keywords.has("contains") ? [needs.terms.place(needs.child(place, keywords.get("contains"), "contains"))] : [];
    const all = keywords.has("items") || (!top && keywords.has("unevaluatedItems"));
    return { ...none, contained, items: all ? Infinity : (keywords.list("prefixItems")?.length ?? 0) };
  }
  const patterns = Object.keys(keywords.record("patternProperties") ?? {}).map((pattern) => {
    const keys = needs.pattern(keywords.place, pattern);
    if (keys === undefined) throw new Untold("which properties are evaluated depends on a pattern that cannot be enforced");
    return keys;
  });
  const everyProperty = keywords.has("additionalProperties") || (!top && keywords.has("unevaluatedProperties"));
  return { names: new Set(Object.keys(keywords.record("properties") ?? {})), patterns, everyProperty, items: 0, contained: [] };
};

const union = (a: Evaluated, b: Evaluated): Evaluated => {
  if (a === none) return b;
  if (b === none) return a;
  return {
    names: new Set([...a.names, ...b.names]),
    patterns: [...a.patterns, ...b.patterns],
    everyProperty: a.everyProperty || b.everyProperty,
    items: Math.max(a.items, b.items),
    contained: [...a.contained, ...b.contained],
  };
};
