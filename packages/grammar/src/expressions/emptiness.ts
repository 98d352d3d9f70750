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

  /** Breadth first and depth first in turn: some languages have a short text, others one that is soon found by going on. */
  #search(start: Node): boolean {
    const { derivatives, fronts, nothing, limits } = this.#expressions;
    /** Each state seen with the one that led to it. */
    const before = new Map<Node, Node>([[start, start]]);
    const open: Node[] = [start];
    let first = 0;
    for (let turn = 0; first < open.length; turn++) {
      const node = (turn & 1) === 0 ? (open[first++] as Node) : (open.pop() as Node);
      if (this.#proves(node)) return this.#found(node, before);
      for (const byte of fronts.partition(node).samples) {
        const left = derivatives.deriveRaw(node, byte);
        if (left === nothing || before.has(left)) continue;
        before.set(left, node);
        if (this.#proves(left)) return this.#found(left, before);
        if (this.#known.get(left) !== 2) open.push(left);
      }
      if (before.size > limits.searchStates) {
        throw tooLarge(`conditions that hold at once need more than ${limits.searchStates} states to see whether any text meets them`, {
          states: before.size,
        });
      }
    }
    // Nothing that was seen has a text.
    for (const node of before.keys()) this.#known.set(node, 2);
    return false;
  }

  /** A state's text proves all on the way to it. */
  #found(end: Node, before: ReadonlyMap<Node, Node>): true {
    for (let node = end; ; node = before.get(node) as Node) {
      this.#known.set(node, 1);
      if (before.get(node) === node) return true;
    }
  }

  /** Whether it is known, or plain, that the node has a text. */
  #proves(node: Node): boolean {
    const { nodes, fronts } = this.#expressions;
    const kind = nodes.kinds[node];
    if (kind !== Kind.both && kind !== Kind.not) return true;
    const known = this.#known.get(node);
    return known === 1 || (known !== 2 && fronts.nullable(node));
  }
}
