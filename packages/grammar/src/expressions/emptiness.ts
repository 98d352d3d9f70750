import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";
import { tooLarge } from "./limits.ts";

/** Whether an intersection or a complement has any text: a search through its derivatives, within a limit, every answer remembered. */
export class Emptiness {
  readonly #expressions: Expressions;
  /** 1 = has a text, 2 = has none, by node. */
  readonly #known = new Map<Node, 1 | 2>();

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  /** The node, or `nothing` where it has no text. @throws `grammar-too-large` where the search goes beyond the limit. */
  checked(node: Node): Node {
    const kind = this.#expressions.nodes.kinds[node];
    if (kind !== Kind.both && kind !== Kind.not) return node;
    const known = this.#known.get(node);
    if (known !== undefined) return known === 1 ? node : this.#expressions.nothing;
    return this.#search(node) ? node : this.#expressions.nothing;
  }

  /** Depth first: the first text found proves all states on the way to it. */
  #search(start: Node): boolean {
    const { derivatives, nothing, limits } = this.#expressions;
    const path: { node: Node; next: Node[] }[] = [];
    const seen = new Set<Node>();
    /** Whether one of the states that follow is known to have a text; else they are to be looked at. */
    const enter = (node: Node): boolean => {
      seen.add(node);
      if (seen.size > limits.searchStates) {
        throw tooLarge(`conditions that hold at once need more than ${limits.searchStates} states to see whether any text meets them`, {
          states: seen.size,
        });
      }
      const next: Node[] = [];
      path.push({ node, next });
      for (const byte of derivatives.partition(node).samples) {
        const left = derivatives.deriveRaw(node, byte);
        if (left === nothing || seen.has(left)) continue;
        if (this.#proves(left)) return true;
        if (this.#known.get(left) !== 2) next.push(left);
      }
      return false;
    };
    let found = this.#proves(start) || enter(start);
    while (!found && path.length > 0) {
      const left = (path.at(-1) as { next: Node[] }).next.pop();
      if (left === undefined) path.pop();
      else if (!seen.has(left)) found = enter(left);
    }
    if (found) for (const { node } of path) this.#known.set(node, 1);
    // Nothing that was seen has a text.
    else for (const node of seen) this.#known.set(node, 2);
    if (found) this.#known.set(start, 1);
    return found;
  }

  /** Whether it is known, or plain, that the node has a text. */
  #proves(node: Node): boolean {
    const { nodes, derivatives } = this.#expressions;
    const kind = nodes.kinds[node];
    if (kind !== Kind.both && kind !== Kind.not) return true;
    const known = this.#known.get(node);
    return known === 1 || (known !== 2 && derivatives.nullable(node));
  }
}
