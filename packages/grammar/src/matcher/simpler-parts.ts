import type { Expressions } from "../expressions/index.ts";
import { Kind, type Node } from "../expressions/kinds.ts";

/**
 * Parts of a state that go on only where the state does too, and have far fewer states themselves: one of several, and of a part without end that finitely many
 * texts are taken out of (the names that a schema does not mention) the part with them.
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
    const { kinds, a, b, pool } = this.#expressions.nodes;
    if (kinds[node] !== Kind.choice) return this.#wider(this.#head(node));
    const from = a[node] as number;
    for (let i = from; i < from + (b[node] as number); i++) {
      const head = this.#head(pool[i] as Node);
      const part = this.#wider(head) ?? (kinds[head] === Kind.repeat && this.#endsOpen(head) ? head : undefined);
      if (part !== undefined) return part;
    }
    return undefined;
  }

  #head(node: Node): Node {
    const { kinds, a } = this.#expressions.nodes;
    return kinds[node] === Kind.sequence ? (a[node] as Node) : node;
  }

  /** An intersection without its exceptions. */
  #wider(node: Node): Node | undefined {
    if (this.#expressions.nodes.kinds[node] !== Kind.both) return undefined;
    if (!this.#known.has(node)) this.#known.set(node, this.#widerAnew(node));
    return this.#known.get(node);
  }

  #widerAnew(node: Node): Node | undefined {
    const { kinds, a, b, pool } = this.#expressions.nodes;
    const from = a[node] as number;
    let found: Node | undefined;
    for (const member of pool.subarray(from, from + (b[node] as number))) {
      if (kinds[member] === Kind.not) {
        if (!this.#isFinite(a[member] as Node)) return undefined;
      } else if (found === undefined && this.#endsOpen(member)) found = member;
      else return undefined;
    }
    return found;
  }

  /** It ends in a repeat without limit, so that whatever is left of it has texts without end. */
  #endsOpen(node: Node): boolean {
    const { kinds, a, b, c } = this.#expressions.nodes;
    let rest = node;
    while (kinds[rest] === Kind.sequence) rest = b[rest] as Node;
    return kinds[rest] === Kind.repeat && c[rest] === -1 && a[rest] !== this.#expressions.empty;
  }

  #isFinite(node: Node): boolean {
    const { kinds, a, b, c, pool } = this.#expressions.nodes;
    let rest = node;
    for (; kinds[rest] === Kind.sequence; rest = b[rest] as Node) if (!this.#isFinite(a[rest] as Node)) return false;
    if (kinds[rest] === Kind.bytes || kinds[rest] === Kind.empty || kinds[rest] === Kind.nothing) return true;
    let finite = this.#finite.get(rest);
    if (finite === undefined) {
      if (kinds[rest] === Kind.choice) {
        const from = a[rest] as number;
        finite = pool.subarray(from, from + (b[rest] as number)).every((member) => this.#isFinite(member));
      } else finite = kinds[rest] === Kind.repeat && c[rest] !== -1 && this.#isFinite(a[rest] as Node);
      this.#finite.set(rest, finite);
    }
    return finite;
  }
}
