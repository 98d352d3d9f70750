import type { Expressions } from "../expressions/index.ts";
import { Kind, type Node } from "../expressions/kinds.ts";

/**
 * Parts that go on only where a state does too, and have far fewer states themselves: one of several; of a part without end that finitely many texts are taken
 * out of (the names that a schema does not mention) the part with them; of what meets a condition and what does not (names by pattern, and others) all of it.
 */
export class SimplerParts {
  readonly #expressions: Expressions;
  readonly #known = new Map<Node, Node | undefined>();
  readonly #finite = new Map<Node, boolean>();

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** `undefined` where there is none. */
  of(node: Node): Node | undefined {
    const { kinds } = this.#expressions.nodes;
    const part = kinds[node] === Kind.choice ? node : this.#head(node);
    if (kinds[part] !== Kind.choice && kinds[part] !== Kind.both) return undefined;
    if (!this.#known.has(part))
      this.#known.set(part, kinds[part] === Kind.both ? this.#withoutExceptions(this.#members(part)) : this.#ofChoice(part));
    return this.#known.get(part);
  }

  #ofChoice(node: Node): Node | undefined {
    const { kinds } = this.#expressions.nodes;
    const heads = this.#members(node).map((member) => this.#head(member));
    const open = heads.find((head) => kinds[head] === Kind.repeat && this.#endsOpen(head));
    if (open !== undefined) return open;
    const conditions = heads.filter((head) => kinds[head] === Kind.both).map((head) => this.#members(head));
    for (const one of conditions) {
      const part = this.#withoutExceptions(one);
      if (part !== undefined) return part;
      if (conditions.length >= mostConditions) continue;
      const together = this.#withItsComplement(one, conditions);
      if (together !== undefined) conditions.push(together);
    }
    return undefined;
  }

  /** What holds of texts that meet these conditions, one of which is a complement, and of those that meet the others and what it is the complement of. */
  #withItsComplement(conditions: readonly Node[], others: readonly (readonly Node[])[]): Node[] | undefined {
    const { kinds, a } = this.#expressions.nodes;
    for (const not of conditions) {
      if (kinds[not] !== Kind.not) continue;
      const part = a[not] as Node;
      const rest = conditions.filter((one) => one !== not);
      const met = new Set([...rest, ...(kinds[part] === Kind.both ? this.#members(part) : [part])]);
      if (rest.length > 0 && others.some((other) => other.length === met.size && other.every((one) => met.has(one)))) return rest;
    }
    return undefined;
  }

  /** Of conditions that hold at once the only one that is not that of an exception. */
  #withoutExceptions(conditions: readonly Node[]): Node | undefined {
    const { kinds, a } = this.#expressions.nodes;
    let found: Node | undefined;
    for (const one of conditions) {
      if (kinds[one] === Kind.not) {
        if (!this.#isFinite(a[one] as Node)) return undefined;
      } else if (found === undefined && this.#endsOpen(one)) found = one;
      else return undefined;
    }
    return found;
  }

  #head(node: Node): Node {
    const { kinds, a } = this.#expressions.nodes;
    return kinds[node] === Kind.sequence ? (a[node] as Node) : node;
  }

  #members(node: Node): Node[] {
    const { a, b, pool } = this.#expressions.nodes;
    return [...pool.subarray(a[node] as number, (a[node] as number) + (b[node] as number))];
  }

  /** It ends in a repeat without limit, so that whatever is left of it has texts without end. */
  #endsOpen(node: Node): boolean {
    const { kinds, b, c } = this.#expressions.nodes;
    let rest = node;
    while (kinds[rest] === Kind.sequence) rest = b[rest] as Node;
    return kinds[rest] === Kind.repeat && c[rest] === -1;
  }

  #isFinite(node: Node): boolean {
    const { kinds, a, b, c } = this.#expressions.nodes;
    let rest = node;
    for (; kinds[rest] === Kind.sequence; rest = b[rest] as Node) if (!this.#isFinite(a[rest] as Node)) return false;
    if (kinds[rest] === Kind.bytes || kinds[rest] === Kind.empty) return true;
    let finite = this.#finite.get(rest);
    if (finite === undefined) {
      finite =
        kinds[rest] === Kind.choice
          ? this.#members(rest).every((member) => this.#isFinite(member))
          : kinds[rest] === Kind.repeat && c[rest] !== -1 && this.#isFinite(a[rest] as Node);
      this.#finite.set(rest, finite);
    }
    return finite;
  }
}

/** Conditions that are put together, at most. */
const mostConditions = 16;
