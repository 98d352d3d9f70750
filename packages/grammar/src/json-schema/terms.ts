import type { Form } from "./forms.ts";
import type { Place } from "./places.ts";

/**
 * A schema as a formula: places of the schema text put together by and, or, exactly-one and not. Equal formulas are one number, so that a schema which
 * refers to itself comes back to formulas that are already known.
 */
export type Term = number;

export type TermShape =
  | { readonly kind: "everything" | "nothing" }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "leaf"; readonly form: Form }
  | { readonly kind: "all" | "any" | "one"; readonly parts: readonly Term[] }
  | { readonly kind: "not"; readonly part: Term };

export class Terms {
  readonly nothing: Term = 0;
  readonly everything: Term = 1;
  #shapes: TermShape[] = [{ kind: "nothing" }, { kind: "everything" }];
  #known = new Map<string, Term>();
  #leaves = new Map<Form, Term>();

  shape(term: Term): TermShape {
    const shape = this.#shapes[term];
    if (shape === undefined) throw new Error(`no term ${term}`);
    return shape;
  }

  get size(): number {
    return this.#shapes.length;
  }

  place(place: Place | boolean): Term {
    if (typeof place === "boolean") return place ? this.everything : this.nothing;
    return this.#intern(`place ${place.id}`, { kind: "place", place });
  }

  leaf(form: Form): Term {
    let term = this.#leaves.get(form);
    if (term === undefined) {
      term = this.#shapes.push({ kind: "leaf", form }) - 1;
      this.#leaves.set(form, term);
    }
    return term;
  }

  all(...parts: readonly Term[]): Term {
    const flat = this.#flat("all", parts, this.everything);
    if (flat.has(this.nothing) || this.#contradicts(flat)) return this.nothing;
    return this.#joined("all", flat, this.everything);
  }

  any(...parts: readonly Term[]): Term {
    const flat = this.#flat("any", parts, this.nothing);
    if (flat.has(this.everything) || this.#contradicts(flat)) return this.everything;
    return this.#joined("any", flat, this.nothing);
  }

  /** Exactly one of them, each counted as often as it is given. */
  one(...parts: readonly Term[]): Term {
    const possible = parts.filter((part) => part !== this.nothing);
    const [only] = possible;
    if (only === undefined) return this.nothing;
    if (possible.length === 1) return only;
    return this.#intern(`one ${possible.join(" ")}`, { kind: "one", parts: possible });
  }

  not(part: Term): Term {
    if (part <= 1) return 1 - part;
    const shape = this.shape(part);
    if (shape.kind === "not") return shape.part;
    return this.#intern(`not ${part}`, { kind: "not", part });
  }

  #flat(kind: "all" | "any", parts: readonly Term[], neutral: Term): Set<Term> {
    const flat = new Set<Term>();
    for (const part of parts) {
      const shape = this.shape(part);
      if (shape.kind === kind) for (const inner of shape.parts) flat.add(inner);
      else if (part !== neutral) flat.add(part);
    }
    return flat;
  }

  #contradicts(parts: ReadonlySet<Term>): boolean {
    for (const part of parts) {
      const shape = this.shape(part);
      if (shape.kind === "not" && parts.has(shape.part)) return true;
    }
    return false;
  }

  /** Order is kept in what is read, so that properties stay in the order of the schema; it does not tell two formulas apart. */
  #joined(kind: "all" | "any", parts: ReadonlySet<Term>, neutral: Term): Term {
    if (parts.size === 0) return neutral;
    if (parts.size === 1) for (const part of parts) return part;
    const ordered = [...parts];
    return this.#intern(`${kind} ${ordered.toSorted((a, b) => a - b).join(" ")}`, { kind, parts: ordered });
  }

  #intern(key: string, shape: TermShape): Term {
    let term = this.#known.get(key);
    if (term === undefined) {
      term = this.#shapes.push(shape) - 1;
      this.#known.set(key, term);
    }
    return term;
  }
}
