import { leastByte } from "./byte-sets.ts";
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
    const { derivatives, nodes, limits } = this.#expressions;
    const path: { node: Node; open: Uint32Array }[] = [];
    const seen = new Set<Node>();
    const enter = (node: Node): void => {
      seen.add(node);
      if (seen.size > limits.searchStates) {
        throw tooLarge(`conditions that hold at once need more than ${limits.searchStates} states to see whether any text meets them`, {
          states: seen.size,
        });
      }
      path.push({ node, open: new Uint32Array(8).fill(0xffffffff) });
    };
    /** true = has a text, false = not known to have one. */
    const proves = (node: Node): boolean => {
      const kind = nodes.kinds[node];
      if (node === this.#expressions.nothing) return false;
      if (kind !== Kind.both && kind !== Kind.not) return true;
      return this.#known.get(node) === 1 || derivatives.nullable(node);
    };
    const found = (): true => {
      for (const { node } of path) this.#known.set(node, 1);
      return true;
    };
    enter(start);
    if (proves(start)) return found();
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const byte = leastByte(top.open);
      if (byte < 0) {
        path.pop();
        continue;
      }
      const same = top.open.slice();
      derivatives.narrow(top.node, byte, same);
      for (let w = 0; w < 8; w++) top.open[w] = (top.open[w] as number) & ~(same[w] as number);
      const left = derivatives.deriveRaw(top.node, byte);
      if (proves(left)) {
        this.#known.set(left, 1);
        return found();
      }
      if (left === this.#expressions.nothing || seen.has(left) || this.#known.get(left) === 2) continue;
      enter(left);
    }
    // Nothing that was seen has a text.
    for (const node of seen) this.#known.set(node, 2);
    return false;
  }
}
