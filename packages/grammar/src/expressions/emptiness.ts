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

  /**
   * Breadth first, depth first and by what is still missing, in turn: some languages have a short text, others one that is soon found by going on, and of
   * many conditions one after the other is met.
   */
  #search(start: Node): boolean {
    const { derivatives, fronts, nothing, limits } = this.#expressions;
    /** Each state seen with the one that led to it. */
    const before = new Map<Node, Node>([[start, start]]);
    const open = new OpenStates(start);
    for (let node = open.next(); node !== undefined; node = open.next()) {
      if (this.#proves(node)) return this.#found(node, before);
      for (const byte of fronts.partition(node).samples) {
        const left = derivatives.deriveRaw(node, byte);
        if (left === nothing || before.has(left)) continue;
        before.set(left, node);
        if (this.#proves(left)) return this.#found(left, before);
        if (this.#known.get(left) !== 2) open.add(left, this.#missing(left));
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

  /** How many of the conditions that hold at once do not allow the text to end here. */
  #missing(node: Node): number {
    const { nodes, fronts } = this.#expressions;
    if (nodes.kinds[node] !== Kind.both) return 1;
    const from = nodes.a[node] as number;
    let missing = 0;
    for (let i = 0; i < (nodes.b[node] as number); i++) if (!fronts.nullable(nodes.pool[from + i] as Node)) missing++;
    return missing;
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

/** States that are still to be looked at, each handed out once, in three orders in turn. */
class OpenStates {
  readonly #inOrder: Node[] = [];
  /** By how many conditions are missing. */
  readonly #byMissing: Node[][] = [];
  readonly #done = new Set<Node>();
  #first = 0;
  #turn = 0;

  constructor(start: Node) {
    this.#inOrder.push(start);
  }

  add(node: Node, missing: number): void {
    this.#inOrder.push(node);
    while (this.#byMissing.length <= missing) this.#byMissing.push([]);
    (this.#byMissing[missing] as Node[]).push(node);
  }

  next(): Node | undefined {
    for (;;) {
      const node = this.#take();
      if (node === undefined || this.#done.has(node)) {
        if (node === undefined && this.#first >= this.#inOrder.length) return undefined;
        continue;
      }
      this.#done.add(node);
      return node;
    }
  }

  #take(): Node | undefined {
    const turn = this.#turn++ % 3;
    if (turn === 0) return this.#first < this.#inOrder.length ? this.#inOrder[this.#first++] : undefined;
    if (turn === 1) return this.#inOrder.length > this.#first ? this.#inOrder.pop() : undefined;
    return this.#byMissing.find((nodes) => nodes.length > 0)?.pop();
  }
}
