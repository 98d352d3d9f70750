import { step } from "../pointer.ts";
import type { Keywords } from "../read/keywords.ts";
import type { CheckChild, Fault } from "./logic.ts";
import { include, type Outcome } from "./violation.ts";

/** @param matches whether a name is of a pattern; undefined where that cannot be decided */
export const checkObject = (
  keywords: Keywords,
  value: Readonly<Record<string, unknown>>,
  at: string,
  outcome: Outcome,
  child: CheckChild,
  fault: Fault,
  matches: (pattern: string, name: string) => boolean | undefined,
): void => {
  const names = Object.keys(value);
  const properties = keywords.record("properties") ?? {};
  const patterns = Object.entries(keywords.record("patternProperties") ?? {});
  const look = (name: string, found: Outcome): void => {
    include(outcome, { ...found, names: new Set(), items: new Set() });
    outcome.names.add(name);
  };
  for (const name of names) {
    let additional = true;
    if (Object.hasOwn(properties, name)) {
      additional = false;
      look(name, child(properties[name], value[name], step(at, name), "properties", name));
    }
    for (const [pattern, schema] of patterns) {
      const matching = matches(pattern, name);
      if (matching !== false) additional = false;
      if (matching === true) look(name, child(schema, value[name], step(at, name), "patternProperties", pattern));
    }
    if (additional && keywords.has("additionalProperties")) {
      look(name, child(keywords.get("additionalProperties"), value[name], step(at, name), "additionalProperties"));
    }
    if (keywords.has("propertyNames")) {
      const wrong = child(keywords.get("propertyNames"), name, step(at, name), "propertyNames").violations;
      if (wrong.length > 0) fault("propertyNames", `no property may be named “${name}”: ${wrong[0]?.says}`);
    }
  }
  for (const name of keywords.strings("required") ?? []) if (!Object.hasOwn(value, name)) fault("required", `“${name}” is missing`);
  const [min, max] = [keywords.count("minProperties"), keywords.count("maxProperties")];
  if (min !== undefined && names.length < min) fault("minProperties", `it has ${names.length} properties, at least ${min} are wanted`);
  if (max !== undefined && names.length > max) fault("maxProperties", `it has ${names.length} properties, at most ${max} are wanted`);
  checkDependencies(keywords, value, at, outcome, child, fault);
  if (keywords.place.dialect !== "draft7" && keywords.has("unevaluatedProperties")) {
    for (const name of names) {
      if (!outcome.names.has(name)) look(name, child(keywords.get("unevaluatedProperties"), value[name], step(at, name), "unevaluatedProperties"));
    }
  }
};

const checkDependencies = (
  keywords: Keywords,
  value: Readonly<Record<string, unknown>>,
  at: string,
  outcome: Outcome,
  child: CheckChild,
  fault: Fault,
): void => {
  const keyed = keywords.place.dialect === "draft7" ? ["dependencies"] : ["dependencies", "dependentRequired", "dependentSchemas"];
  for (const keyword of keyed) {
    for (const [name, depends] of Object.entries(keywords.record(keyword) ?? {})) {
      if (!Object.hasOwn(value, name)) continue;
      if (!Array.isArray(depends)) include(outcome, child(depends, value, at, keyword, name));
      else
        for (const one of depends) {
          if (typeof one !== "string") throw keywords.invalid(keyword, `does not list names for “${name}”`);
          if (!Object.hasOwn(value, one)) fault(keyword, `“${name}” is there, and “${one}” is missing`);
        }
    }
  }
};
