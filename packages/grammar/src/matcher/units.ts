import type { Expressions } from "../expressions/index.ts";
import { Kind, type Node } from "../expressions/kinds.ts";

export interface Cut {
  /** Parts up to the first that is never empty, and a plain byte after it. */
  unit: Node;
  /** What stands after it. */
  tail: Node;
}

/**
 * A sequence cut after its first part that is never empty, or the plain byte after that: what may come inside the unit does not depend on the tail, so it is worked out once for all
 * places, however deep, where the unit stands.
 */
export class Units {
  readonly #expressions: Expressions;
  readonly #known = new Map<Node, Cut>();

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** `undefined` where cutting is of no use: the node is no sequence, or begins with one plain byte. */
  cut(node: Node): Cut | undefined {
    const { nodes } = this.#expressions;
    if (nodes.kinds[node] !== Kind.sequence || nodes.kinds[nodes.a[node] as Node] === Kind.bytes) return undefined;
    let cut = this.#known.get(node);
    if (!cut) {
      cut = this.#cutAnew(node);
      this.#known.set(node, cut);
    }
    return cut.tail === this.#expressions.empty ? undefined : cut;
  }

  #cutAnew(node: Node): Cut {
    const { nodes } = this.#expressions;
    const heads: Node[] = [];
    let rest = node;
    for (;;) {
      if (nodes.kinds[rest] !== Kind.sequence) return { unit: node, tail: this.#expressions.empty };
      const head = nodes.a[rest] as Node;
      heads.push(head);
      rest = nodes.b[rest] as Node;
      if (!this.#expressions.nullable(head)) break;
    }
    // One plain byte more, a closing quote: inside a text of counted length nothing then depends on what stands after it.
    if (
      nodes.kinds[nodes.a[rest] as Node] === Kind.bytes &&
      nodes.kinds[rest] === Kind.sequence &&
      nodes.kinds[heads.at(-1) as Node] !== Kind.bytes
    ) {
      heads.push(nodes.a[rest] as Node);
      rest = nodes.b[rest] as Node;
    }
    return { unit: this.#expressions.sequence(...heads), tail: rest };
  }
}
