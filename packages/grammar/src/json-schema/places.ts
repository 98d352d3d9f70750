import { type Dialect, dialectOf } from "./dialect.ts";
import { invalidSchema, schemaTooLarge, unsupportedSchema } from "./errors.ts";
import { step, steps } from "./pointer.ts";

/** An object of the schema that is itself a schema, and where it stands. */
export interface Place {
  readonly id: number;
  readonly raw: Readonly<Record<string, unknown>>;
  /** JSON pointer from the top of its document; another document's is preceded by its address and `#`. */
  readonly pointer: string;
  /** What references in it are relative to. */
  readonly base: string;
  readonly dialect: Dialect;
}

const root = "schema:/";
const deepest = 400;
/** Keywords whose value is a schema, a list of schemas, or a map of schemas. */
const single = [
  "additionalItems",
  "additionalProperties",
  "contains",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
  "contentSchema",
];
const list = ["allOf", "anyOf", "oneOf", "prefixItems", "items"];
const map = ["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

const resolve = (reference: string, base: string): string => {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
};

const [withoutFragment, fragmentOf] = [
  (url: string) => url.split("#", 1)[0] ?? "",
  (url: string) => (url.includes("#") ? url.slice(url.indexOf("#") + 1) : ""),
];

/** A schema of a dialect of its own, where the usual keywords say nothing, is not read as if they did. */
const onlyUsualWords = (schema: unknown, others: Readonly<Record<string, unknown>>): void => {
  const named = isRecord(schema) && typeof schema.$schema === "string" ? others[schema.$schema] : undefined;
  const vocabulary = isRecord(named) ? named.$vocabulary : undefined;
  if (!isRecord(vocabulary) || Object.keys(vocabulary).some((url) => url.endsWith("/vocab/validation"))) return;
  throw unsupportedSchema("", "$schema", "it is of a dialect in which the keywords of validation have no meaning");
};

/**
 * All schemas of a document and of those it may refer to, by where they stand and by what they are called: `$id`, `$anchor`, JSON pointers. Nothing is
 * ever fetched.
 * @throws `schema-unsupported` for a reference to a document that was not given, `schema-invalid` for one that leads nowhere
 */
export class Places {
  #byObject = new Map<object, Place>();
  #resources = new Map<string, { schema: unknown; pointer: string; dialect: Dialect }>();
  #anchors = new Map<string, { schema: unknown; pointer: string; base: string; dialect: Dialect; dynamic: boolean }>();
  #documents: { schema: unknown; url: string; pointer: string; dialect: Dialect; read: boolean }[] = [];

  constructor(schema: unknown, dialect: Dialect, others: Readonly<Record<string, unknown>> = {}) {
    const own = dialectOf(schema, dialect);
    onlyUsualWords(schema, others);
    this.#resources.set(root, { schema, pointer: "", dialect: own });
    this.#walk(schema, "", root, own, 0);
    for (const [url, other] of Object.entries(others)) {
      this.#documents.push({ schema: other, url: withoutFragment(url), pointer: `${url}#`, dialect: dialectOf(other, own), read: false });
    }
  }

  /** The place of a schema object that was met at a pointer. */
  at(raw: Record<string, unknown>, pointer: string, base: string, dialect: Dialect): Place {
    let place = this.#byObject.get(raw);
    if (place === undefined) {
      place = { id: this.#byObject.size, raw, pointer, base, dialect };
      this.#byObject.set(raw, place);
    }
    return place;
  }

  /** The document's own top. @throws `schema-invalid` if it is no schema */
  top(schema: unknown): Place | boolean {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) throw invalidSchema("", "$schema", "stands in something that is not a schema (an object, true or false)");
    return this.at(schema, "", root, "lenient");
  }

  /** The schema that a keyword of a place holds. */
  child(place: Place, schema: unknown, ...path: (string | number)[]): Place | boolean {
    const pointer = path.reduce<string>(step, place.pointer);
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema))
      throw invalidSchema(pointer.slice(0, pointer.lastIndexOf("/")), String(path.at(-1)), "is not a schema (an object, true or false)");
    return this.at(schema, pointer, place.base, place.dialect);
  }

  /** What a `$ref` in a place leads to. */
  follow(place: Place, keyword: string, reference: string): Place | boolean {
    const url = resolve(reference, place.base);
    const target = withoutFragment(url);
    const fragment = fragmentOf(url);
    this.#read(target);
    const resource = this.#resources.get(target);
    if (resource === undefined) {
      throw unsupportedSchema(place.pointer, keyword, `“${reference}” is in another document, which was not given`);
    }
    let decoded = fragment;
    try {
      decoded = decodeURIComponent(fragment);
    } catch {
      // a fragment that is no percent-encoding is taken as it stands
    }
    if (decoded === "" || decoded.startsWith("/")) return this.#descend(place, keyword, reference, resource, target, decoded);
    const anchor = this.#anchors.get(`${target}#${decoded}`);
    if (anchor === undefined) throw invalidSchema(place.pointer, keyword, `leads to “${reference}”, which is not there`);
    return this.#found(anchor.schema, anchor.pointer, anchor.base, anchor.dialect, place, keyword, reference);
  }

  /**
   * What a `$dynamicRef` leads to, where that does not depend on the way one came: its target is no `$dynamicAnchor`, or the only one of its name.
   * @throws `schema-unsupported` otherwise
   */
  followDynamic(place: Place, reference: string): Place | boolean {
    const url = resolve(reference, place.base);
    const name = decodeURIComponent(fragmentOf(url));
    const first = this.#anchors.get(`${withoutFragment(url)}#${name}`);
    if (first?.dynamic !== true) return this.follow(place, "$dynamicRef", reference);
    for (const document of this.#documents) this.#read(document.url);
    const same = [...this.#anchors].filter(([key, anchor]) => anchor.dynamic && key.endsWith(`#${name}`));
    if (same.length > 1)
      throw unsupportedSchema(
        place.pointer,
        "$dynamicRef",
        `there are ${same.length} dynamic anchors “${name}”, and which one is meant depends on the way there`,
      );
    return this.follow(place, "$dynamicRef", reference);
  }

  #read(url: string): void {
    for (const document of this.#documents) {
      if (document.read || (document.url !== url && !(isRecord(document.schema) && resolve(String(document.schema.$id ?? ""), document.url) === url)))
        continue;
      document.read = true;
      this.#resources.set(document.url, { schema: document.schema, pointer: document.pointer, dialect: document.dialect });
      this.#walk(document.schema, document.pointer, document.url, document.dialect, 0);
    }
  }

  #descend(
    from: Place,
    keyword: string,
    reference: string,
    resource: { schema: unknown; pointer: string; dialect: Dialect },
    url: string,
    path: string,
  ): Place | boolean {
    let [schema, pointer, base, dialect] = [resource.schema, resource.pointer, url, resource.dialect];
    for (const key of steps(path)) {
      const inside = Array.isArray(schema)
        ? schema[/^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1]
        : isRecord(schema) && Object.hasOwn(schema, key)
          ? schema[key]
          : undefined;
      if (inside === undefined) throw invalidSchema(from.pointer, keyword, `leads to “${reference}”, which is not there`);
      schema = inside;
      pointer = step(pointer, key);
      const known = isRecord(schema) ? this.#byObject.get(schema) : undefined;
      if (known !== undefined) [base, dialect] = [known.base, known.dialect];
    }
    return this.#found(schema, pointer, base, dialect, from, keyword, reference);
  }

  #found(schema: unknown, pointer: string, base: string, dialect: Dialect, from: Place, keyword: string, reference: string): Place | boolean {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) throw invalidSchema(from.pointer, keyword, `leads to “${reference}”, which is not a schema`);
    if (!this.#byObject.has(schema)) this.#walk(schema, pointer, base, dialect, 0);
    return this.at(schema, pointer, base, dialect);
  }

  /** Registers a schema and all schemas inside it. */
  #walk(schema: unknown, pointer: string, base: string, dialect: Dialect, depth: number): void {
    if (!isRecord(schema) || this.#byObject.has(schema)) return;
    if (depth > deepest) throw schemaTooLarge(pointer, undefined, `schemas stand more than ${deepest} deep in each other`);
    const own = dialectOf(schema, dialect);
    const hidden = own === "draft7" && typeof schema.$ref === "string";
    const inner = hidden ? base : this.#name(schema, pointer, base, own);
    this.at(schema, pointer, inner, own);
    for (const keyword of single) this.#walk(schema[keyword], step(pointer, keyword), inner, own, depth + 1);
    for (const keyword of list) {
      const value = schema[keyword];
      if (Array.isArray(value)) for (const [i, part] of value.entries()) this.#walk(part, step(step(pointer, keyword), i), inner, own, depth + 1);
    }
    for (const keyword of map) {
      const value = schema[keyword];
      if (isRecord(value))
        for (const [name, part] of Object.entries(value)) this.#walk(part, step(step(pointer, keyword), name), inner, own, depth + 1);
    }
  }

  /** Takes down what a schema calls itself; the base of what is inside it. */
  #name(schema: Record<string, unknown>, pointer: string, base: string, dialect: Dialect): string {
    const id = typeof schema.$id === "string" ? schema.$id : dialect !== "2020-12" && typeof schema.id === "string" ? schema.id : undefined;
    let inner = base;
    if (id !== undefined) {
      const url = resolve(id, base);
      const fragment = fragmentOf(url);
      if (fragment !== "" && !fragment.startsWith("/") && dialect !== "2020-12") {
        this.#anchors.set(`${withoutFragment(url)}#${fragment}`, { schema, pointer, base, dialect, dynamic: false });
      }
      if (!id.startsWith("#")) {
        inner = withoutFragment(url);
        if (!this.#resources.has(inner)) this.#resources.set(inner, { schema, pointer, dialect });
      }
    }
    for (const [keyword, dynamic] of [
      ["$anchor", false],
      ["$dynamicAnchor", true],
    ] as const) {
      const name = schema[keyword];
      if (typeof name === "string" && dialect !== "draft7") this.#anchors.set(`${inner}#${name}`, { schema, pointer, base: inner, dialect, dynamic });
    }
    return inner;
  }
}
