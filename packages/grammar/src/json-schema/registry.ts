import { type Dialect, dialectOf } from "./dialect.ts";
import { schemaTooLarge, unsupportedSchema } from "./errors.ts";
import { step } from "./pointer.ts";

/** Where a schema object stands. */
export interface Standing {
  /** JSON pointer from the top of its document; another document's is preceded by its address and `#`. */
  readonly pointer: string;
  /** What references in it are relative to. */
  readonly base: string;
  readonly dialect: Dialect;
}

export interface Anchor extends Standing {
  readonly schema: unknown;
  readonly name: string;
  readonly dynamic: boolean;
}

export const root = "schema:/";
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

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

export const resolve = (reference: string, base: string): string => {
  try {
    return new URL(reference, base).href;
  } catch {
    return reference;
  }
};

export const [withoutFragment, fragmentOf] = [
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

/** All schema objects of a document and of those that it may refer to, by what they are called: `$id`, `$anchor`. Nothing is ever fetched. */
export class Registry {
  readonly resources = new Map<string, Standing & { schema: unknown }>();
  readonly anchors = new Map<string, Anchor>();
  readonly #standings = new Map<object, Standing>();
  readonly #dynamic = new Map<string, Anchor[]>();
  readonly #documents: { schema: unknown; url: string; pointer: string; dialect: Dialect; read: boolean }[] = [];

  constructor(schema: unknown, dialect: Dialect, others: Readonly<Record<string, unknown>>) {
    const own = dialectOf(schema, dialect);
    onlyUsualWords(schema, others);
    this.resources.set(root, { schema, pointer: "", base: root, dialect: own });
    this.add(schema, { pointer: "", base: root, dialect: own });
    for (const [url, other] of Object.entries(others)) {
      this.#documents.push({ schema: other, url: withoutFragment(url), pointer: `${url}#`, dialect: dialectOf(other, own), read: false });
    }
  }

  /** undefined: not met where a schema may stand. */
  standing(schema: object): Standing | undefined {
    return this.#standings.get(schema);
  }

  /** The resource of an address, its document read now if it was not yet. */
  resource(url: string): (Standing & { schema: unknown }) | undefined {
    for (const document of this.#documents) {
      const { schema, dialect, pointer } = document;
      if (document.read || (document.url !== url && !(isRecord(schema) && resolve(String(schema.$id ?? ""), document.url) === url))) continue;
      document.read = true;
      this.resources.set(document.url, { schema, pointer, base: document.url, dialect });
      this.add(schema, { pointer, base: document.url, dialect });
    }
    return this.resources.get(url);
  }

  /** The dynamic anchors of one resource. */
  dynamicAnchors(base: string): readonly Anchor[] {
    return this.#dynamic.get(base) ?? [];
  }

  /** Takes down a schema and all schemas inside it. */
  add(schema: unknown, { pointer, base, dialect }: Standing): void {
    this.#walk(schema, pointer, base, dialect, 0);
  }

  #walk(schema: unknown, pointer: string, base: string, dialect: Dialect, depth: number): void {
    if (!isRecord(schema) || this.#standings.has(schema)) return;
    if (depth > deepest) throw schemaTooLarge(pointer, undefined, `schemas stand more than ${deepest} deep in each other`);
    const own = dialectOf(schema, dialect);
    const hidden = own === "draft7" && typeof schema.$ref === "string";
    const inner = hidden ? base : this.#name(schema, pointer, base, own);
    this.#standings.set(schema, { pointer, base: inner, dialect: own });
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
        this.anchors.set(`${withoutFragment(url)}#${fragment}`, { schema, name: fragment, pointer, base, dialect, dynamic: false });
      }
      if (!id.startsWith("#")) {
        inner = withoutFragment(url);
        if (!this.resources.has(inner)) this.resources.set(inner, { schema, pointer, base: inner, dialect });
      }
    }
    for (const [keyword, dynamic] of [
      ["$anchor", false],
      ["$dynamicAnchor", true],
    ] as const) {
      const name = schema[keyword];
      if (typeof name !== "string" || dialect === "draft7") continue;
      const anchor: Anchor = { schema, name, pointer, base: inner, dialect, dynamic };
      this.anchors.set(`${inner}#${name}`, anchor);
      if (dynamic) this.#dynamic.set(inner, [...(this.#dynamic.get(inner) ?? []), anchor]);
    }
    return inner;
  }
}
