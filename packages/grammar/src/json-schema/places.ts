import type { Dialect } from "./dialect.ts";
import { invalidSchema, unsupportedSchema } from "./errors.ts";
import { step, steps } from "./pointer.ts";
import { type Anchor, fragmentOf, isRecord, Registry, resolve, root, type Standing, withoutFragment } from "./registry.ts";

/** An object of the schema that is itself a schema, where it stands, and how one came there as far as that matters. */
export interface Place extends Standing {
  readonly id: number;
  readonly raw: Readonly<Record<string, unknown>>;
  readonly scope: Scope;
}

/** The dynamic anchors of the documents one came through, of each name the outermost. */
interface Scope {
  readonly key: string;
  readonly anchors: ReadonlyMap<string, Anchor>;
}

const noScope: Scope = { key: "", anchors: new Map() };

/**
 * The places of a schema, and where references lead from them.
 * @throws `schema-unsupported` for a reference to a document that was not given, `schema-invalid` for one that leads nowhere
 */
export class Places {
  readonly #registry: Registry;
  readonly #places = new Map<object, Map<string, Place>>();
  readonly #scopes = new Map<string, Scope>();
  #count = 0;

  constructor(schema: unknown, dialect: Dialect, others: Readonly<Record<string, unknown>> = {}) {
    this.#registry = new Registry(schema, dialect, others);
  }

  /** The document's own top. @throws `schema-invalid` if it is no schema */
  top(schema: unknown): Place | boolean {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) throw invalidSchema("", "$schema", "stands in something that is not a schema (an object, true or false)");
    return this.#at(schema, { pointer: "", base: root, dialect: "lenient" }, noScope);
  }

  /** The schema that a keyword of a place holds. */
  child(place: Place, schema: unknown, ...path: (string | number)[]): Place | boolean {
    if (typeof schema === "boolean") return schema;
    if (isRecord(schema)) return this.#at(schema, { ...place, pointer: path.reduce<string>(step, place.pointer) }, place.scope);
    const pointer = path.slice(0, -1).reduce<string>(step, place.pointer);
    throw invalidSchema(pointer, String(path.at(-1)), "is not a schema (an object, true or false)");
  }

  /** What a `$ref` in a place leads to. */
  follow(place: Place, keyword: string, reference: string): Place | boolean {
    const url = resolve(reference, place.base);
    const resource = this.#registry.resource(withoutFragment(url));
    if (resource === undefined) throw unsupportedSchema(place.pointer, keyword, `“${reference}” is in another document, which was not given`);
    const fragment = decoded(fragmentOf(url));
    if (fragment === "" || fragment.startsWith("/")) return this.#descend(place, keyword, reference, resource, fragment);
    const anchor = this.#registry.anchors.get(`${withoutFragment(url)}#${fragment}`);
    if (anchor === undefined) throw leadsNowhere(place, keyword, reference);
    return this.#found(anchor.schema, anchor, place, keyword, reference);
  }

  /** What a `$dynamicRef` leads to: what a `$ref` would, unless that is a dynamic anchor; then the outermost one of its name on the way there. */
  followDynamic(place: Place, reference: string): Place | boolean {
    const url = resolve(reference, place.base);
    this.#registry.resource(withoutFragment(url));
    const fragment = decoded(fragmentOf(url));
    const first = this.#registry.anchors.get(`${withoutFragment(url)}#${fragment}`);
    const outermost = first?.dynamic === true ? place.scope.anchors.get(fragment) : undefined;
    if (outermost === undefined) return this.follow(place, "$dynamicRef", reference);
    return this.#found(outermost.schema, outermost, place, "$dynamicRef", reference);
  }

  #descend(from: Place, keyword: string, reference: string, resource: Standing & { schema: unknown }, path: string): Place | boolean {
    let { schema, pointer, base, dialect } = resource;
    for (const key of steps(path)) {
      const inside = Array.isArray(schema) ? schema[indexOf(key)] : isRecord(schema) && Object.hasOwn(schema, key) ? schema[key] : undefined;
      if (inside === undefined) throw leadsNowhere(from, keyword, reference);
      schema = inside;
      pointer = step(pointer, key);
      const known = isRecord(schema) ? this.#registry.standing(schema) : undefined;
      if (known !== undefined) ({ base, dialect } = known);
    }
    return this.#found(schema, { pointer, base, dialect }, from, keyword, reference);
  }

  #found(schema: unknown, standing: Standing, from: Place, keyword: string, reference: string): Place | boolean {
    if (typeof schema === "boolean") return schema;
    if (!isRecord(schema)) throw invalidSchema(from.pointer, keyword, `leads to “${reference}”, which is not a schema`);
    this.#registry.add(schema, standing);
    return this.#at(schema, standing, from.scope);
  }

  /** @param met where the schema was met, should it stand where none was looked for */
  #at(raw: Record<string, unknown>, met: Standing, from: Scope): Place {
    const { pointer, base, dialect } = this.#registry.standing(raw) ?? met;
    const scope = this.#entered(from, base);
    let places = this.#places.get(raw);
    if (places === undefined) {
      places = new Map();
      this.#places.set(raw, places);
    }
    let place = places.get(scope.key);
    if (place === undefined) {
      place = { id: this.#count++, raw, pointer, base, dialect, scope };
      places.set(scope.key, place);
    }
    return place;
  }

  /** The scope after coming to a document. */
  #entered(scope: Scope, base: string): Scope {
    const more = this.#registry.dynamicAnchors(base).filter(({ name }) => !scope.anchors.has(name));
    if (more.length === 0) return scope;
    const anchors = new Map([...scope.anchors, ...more.map((anchor) => [anchor.name, anchor] as const)]);
    const key = [...anchors]
      .map(([name, anchor]) => JSON.stringify([name, anchor.base]))
      .sort()
      .join();
    const known = this.#scopes.get(key) ?? { key, anchors };
    this.#scopes.set(key, known);
    return known;
  }
}

const leadsNowhere = (place: Place, keyword: string, reference: string): Error =>
  invalidSchema(place.pointer, keyword, `leads to “${reference}”, which is not there`);
const indexOf = (key: string): number => (/^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1);

/** A fragment without percent-encoding; one that is none is taken as it stands. */
const decoded = (fragment: string): string => {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
};
