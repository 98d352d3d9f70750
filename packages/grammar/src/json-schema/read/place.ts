import { isCutawayError } from "@cutaway/core";
import type { Source } from "../../expressions/index.ts";
import { regexText } from "../../regex/index.ts";
import { formatText } from "../../text/formats.ts";
import { choice, type Text } from "../../text/index.ts";
import { invalidSchema } from "../errors.ts";
import type { Form, Type } from "../forms.ts";
import { types } from "../forms.ts";
import type { Deferred, SchemaOptions } from "../options.ts";
import type { Place, Places } from "../places.ts";
import type { Term, Terms } from "../terms.ts";
import { wholeText } from "../types/strings.ts";
import { readArray } from "./arrays.ts";
import { readDependencies } from "./dependencies.ts";
import { Keywords } from "./keywords.ts";
import { readLogic } from "./logic.ts";
import { readObject } from "./objects.ts";
import { readNumber, readString } from "./scalars.ts";
import { typesOf } from "./types.ts";
import { readUnevaluated, type UnevaluatedNeeds, Untold } from "./unevaluated.ts";
import type { Values } from "./values.ts";

export interface Reader {
  readonly places: Places;
  readonly terms: Terms;
  readonly values: Values;
  readonly options: SchemaOptions;
  readonly everything: Form;
  /** Said of the schema, without effect on the grammar. */
  readonly notices: Deferred[];
  form(term: Term): Form;
  settled(form: Form): Form;
  /** Throws, or takes it down to be checked afterwards. */
  refuse(pointer: string, keyword: string, says: string): void;
}

/** The formula of one schema object: a conjunction of what its keywords say. */
export const readPlace = (reader: Reader, place: Place): Term => {
  const { terms, places } = reader;
  const keywords = new Keywords(place);
  const child = (schema: unknown, ...path: (string | number)[]): Term => terms.place(places.child(place, schema, ...path));
  const source = sourcesOf(place);
  const reference = keywords.get("$ref");
  if (place.dialect === "draft7" && typeof reference === "string") return terms.place(places.follow(place, "$ref", reference));

  const parts: Term[] = [terms.leaf(reader.settled(plain(reader, keywords, source, child)))];
  if (keywords.has("const")) parts.push(terms.leaf(reader.values.any([keywords.get("const")], source("const"))));
  const values = keywords.list("enum");
  if (values !== undefined) parts.push(terms.leaf(reader.values.any(values, source("enum"))));
  if (typeof reference === "string") parts.push(terms.place(places.follow(place, "$ref", reference)));
  else if (reference !== undefined) throw keywords.invalid("$ref", "is not a string");
  const dynamic = place.dialect === "draft7" ? undefined : keywords.string("$dynamicRef");
  if (dynamic !== undefined) parts.push(terms.place(places.followDynamic(place, dynamic)));
  if (keywords.has("$recursiveRef")) reader.refuse(place.pointer, "$recursiveRef", "it is of draft 2019-09 only");
  for (const keyword of ["disallow", "divisibleBy", "extends"]) {
    if (keywords.has(keyword)) reader.notices.push({ pointer: place.pointer, keyword, says: "it is of draft 3: it says nothing of the value" });
  }
  parts.push(...readLogic(keywords, terms, child));
  parts.push(...readDependencies(keywords, source, { terms, everything: reader.everything, child }));
  parts.push(...unevaluated(reader, keywords, source, child));
  return terms.all(...parts);
};

const sourcesOf = (place: Place): ((keyword: string) => Source) => {
  const known = new Map<string, Source>();
  return (keyword) => {
    let source = known.get(keyword);
    if (source === undefined) {
      source = { pointer: place.pointer, keyword };
      known.set(keyword, source);
    }
    return source;
  };
};

/** `type` and the keywords that speak of values of one type: one clause a type. */
const plain = (
  reader: Reader,
  keywords: Keywords,
  source: (keyword: string) => Source,
  child: (schema: unknown, ...path: (string | number)[]) => Term,
): Form => {
  const { terms } = reader;
  const { place } = keywords;
  let loose = false;
  const pattern = (keyword: string) => (value: string) => {
    const text = patternText(reader, place, keyword, value);
    loose ||= text === undefined;
    return text;
  };
  const all = {
    null: { sources: [] },
    boolean: { sources: [], values: [false, true] },
    number: readNumber(keywords, source),
    string: readString(keywords, source, { pattern: pattern("pattern"), format: (value) => formatOf(reader, place, value) }),
    array: readArray(keywords, source, child, terms.everything),
    object: readObject(keywords, source, {
      terms,
      child,
      pattern: pattern("patternProperties"),
      namesOf(term) {
        const form = reader.form(term);
        loose ||= form.loose;
        return choice(...form.string.map(wholeText));
      },
    }),
  };
  const allowed = typesOf(keywords);
  const from = allowed === undefined ? [] : [source("type")];
  const form: Partial<Record<Type, unknown>> = {};
  for (const type of types) {
    const clause = { ...all[type], sources: [...from, ...all[type].sources] };
    if (type === "number" && allowed !== undefined && !allowed.has("number"))
      form[type] = allowed.has("integer") ? [{ ...clause, set: { ...all.number.set, integer: true } }] : [];
    else form[type] = allowed === undefined || allowed.has(type) ? [clause] : [];
  }
  return { ...(form as unknown as Form), loose };
};

const patternText = (reader: Reader, place: Place, keyword: string, value: string): Text | undefined => {
  try {
    return regexText(value);
  } catch (error) {
    if (!isCutawayError(error)) throw error;
    if (error.code === "regex-invalid")
      throw invalidSchema(place.pointer, keyword, `holds “${value}”, which is no regular expression. ${error.message}`);
    reader.refuse(place.pointer, keyword, error.message);
    return undefined;
  }
};

const formatOf = (reader: Reader, place: Place, name: string): Text | undefined => {
  if (reader.options.formats === "annotate") return undefined;
  const text = formatText(name);
  if (text === undefined)
    reader.notices.push({
      pointer: place.pointer,
      keyword: "format",
      says: `“${name}” is not a format that is known here: it says nothing of the value`,
    });
  return text;
};

/** unevaluatedProperties and unevaluatedItems. */
const unevaluated = (
  reader: Reader,
  keywords: Keywords,
  source: (keyword: string) => Source,
  child: (schema: unknown, ...path: (string | number)[]) => Term,
): Term[] => {
  const { terms, places, everything } = reader;
  const { place } = keywords;
  if (place.dialect === "draft7") return [];
  const needs: UnevaluatedNeeds = {
    terms,
    everything,
    child: (from, schema, ...path) => places.child(from, schema, ...path),
    follow: (from, keyword, reference) => (keyword === "$ref" ? places.follow(from, keyword, reference) : places.followDynamic(from, reference)),
    pattern: (from, value) => patternText(reader, from, "patternProperties", value),
  };
  return (["properties", "items"] as const).flatMap((what) => {
    const keyword = what === "properties" ? "unevaluatedProperties" : "unevaluatedItems";
    if (!keywords.has(keyword)) return [];
    try {
      return readUnevaluated(needs, what, place, child(keywords.get(keyword), keyword), source(keyword));
    } catch (error) {
      if (!(error instanceof Untold)) throw error;
      reader.refuse(place.pointer, keyword, error.says);
      return [];
    }
  });
};
