import type { Source } from "../../expressions/kinds.ts";
import type { Form, ObjectClause } from "../forms.ts";
import type { Term, Terms } from "../terms.ts";
import type { Keywords } from "./keywords.ts";

interface Needs {
  terms: Terms;
  everything: Form;
  child(schema: unknown, ...path: (string | number)[]): Term;
}

/** The formulas of dependentRequired, dependentSchemas, and the older dependencies: the property is absent, or what depends on it is so. */
export const readDependencies = (keywords: Keywords, source: (keyword: string) => Source, needs: Needs): Term[] => {
  const { terms, everything, child } = needs;
  const free = everything.object[0] as ObjectClause;
  const leaf = (clause: Partial<ObjectClause>, form: Form): Term => terms.leaf({ ...form, object: [{ ...free, ...clause }] });
  const parts: Term[] = [];

  const depends = (name: string, keyword: string, then: string[] | Term): void => {
    const sources = [source(keyword)];
    const absent = leaf({ sources, names: new Map([[name, { term: terms.nothing, declared: false }]]) }, everything);
    const names = Array.isArray(then) ? [name, ...then] : [name];
    const present = leaf({ sources, required: new Map(names.map((one) => [one, source(keyword)])) }, noOther);
    parts.push(terms.any(absent, Array.isArray(then) ? present : terms.all(present, then)));
  };
  const noOther: Form = { null: [], boolean: [], number: [], string: [], array: [], object: [], loose: false };

  const keyed = keywords.place.dialect === "draft7" ? ["dependencies"] : ["dependencies", "dependentRequired", "dependentSchemas"];
  for (const keyword of keyed) {
    for (const [name, value] of Object.entries(keywords.record(keyword) ?? {})) {
      if (!Array.isArray(value) || keyword === "dependentSchemas") {
        if (keyword === "dependentRequired") throw keywords.invalid(keyword, `does not list names for “${name}”`);
        depends(name, keyword, child(value, keyword, name));
      } else if (value.every((entry) => typeof entry === "string")) {
        if (value.length > 0) depends(name, keyword, value);
      } else {
        throw keywords.invalid(keyword, `does not list names for “${name}”`);
      }
    }
  }
  return parts;
};
