import type { Source } from "../../expressions/kinds.ts";
import type { Text } from "../../text/index.ts";
import type { Named, ObjectClause, Others } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";
import { saidOfOther } from "../types/objects.ts";
import type { Keywords } from "./keywords.ts";

interface Needs {
  terms: Terms;
  child(schema: unknown, ...path: (string | number)[]): Term;
  /** The texts that a pattern of `patternProperties` matches; undefined: left out. */
  pattern(value: string): Text | undefined;
  /** The texts that a schema allows as strings. */
  namesOf(term: Term): Text;
}

/** The conditions on objects, those on other properties when one is there apart (see `dependencies.ts`). */
export const readObject = (keywords: Keywords, source: (keyword: string) => Source, needs: Needs): ObjectClause => {
  const { terms, child } = needs;
  const sources: Source[] = [];
  const patterns: { keys: Text; term: Term }[] = [];
  for (const [pattern, schema] of Object.entries(keywords.record("patternProperties") ?? {})) {
    const keys = needs.pattern(pattern);
    if (keys !== undefined) patterns.push({ keys, term: child(schema, "patternProperties", pattern) });
  }
  if (patterns.length > 0) sources.push(source("patternProperties"));
  // with a pattern left out, it is not known which properties are the others
  const known = patterns.length === Object.keys(keywords.record("patternProperties") ?? {}).length;
  const rest = known && keywords.has("additionalProperties") ? child(keywords.get("additionalProperties"), "additionalProperties") : terms.everything;
  if (keywords.has("additionalProperties")) sources.push(source("additionalProperties"));

  const others: Others[] = patterns.length > 0 || rest !== terms.everything ? [{ patterns, rest }] : [];
  const names = new Map<string, Named>();
  for (const [name, schema] of Object.entries(keywords.record("properties") ?? {})) {
    const matching = patterns.length === 0 ? terms.everything : saidOfOther(terms, [{ patterns, rest: terms.everything }], name);
    names.set(name, { term: terms.all(child(schema, "properties", name), matching), declared: true });
  }
  if (keywords.has("propertyNames")) {
    sources.push(source("propertyNames"));
    const keys = needs.namesOf(child(keywords.get("propertyNames"), "propertyNames"));
    const allowed: Others = { patterns: [{ keys, term: terms.everything }], rest: terms.nothing };
    for (const [name, { term, declared }] of names) names.set(name, { term: terms.all(term, saidOfOther(terms, [allowed], name)), declared });
    others.push(allowed);
  }
  const min = keywords.count("minProperties");
  const max = keywords.count("maxProperties");
  if (min !== undefined) sources.push(source("minProperties"));
  if (max !== undefined) sources.push(source("maxProperties"));
  const required = new Map((keywords.strings("required") ?? []).map((name) => [name, source("required")]));
  return { sources, names, others, required, min: min ?? 0, max, some: [] };
};
