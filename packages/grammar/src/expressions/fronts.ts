import { CutawayError } from "@cutaway/core";
import { add } from "./byte-sets.ts";
import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";
import { unlessTooDeep } from "./limits.ts";
import { type Partition, Partitions } from "./partitions.ts";

/** What is seen of a node without taking a byte: whether it may be empty, which bytes may come, and which of them lead to the same. Each once a node. */
export class Fronts {
  readonly #expressions: Expressions;
  /** 1 = no, 2 = yes, 3 = being worked out, by node. */
  #nullable = new Uint8Array(1024);
  /** A set of `sets` + 1, −1 = being worked out, by node: bytes that may come next, and for intersections some that may not. */
  #reach = new Int32Array(1024);
  readonly #partitions = new Partitions();
  /** A partition + 1, −1 = being worked out, by node. */
  #partition = new Int32Array(1024);

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  get bytes(): number {
    return 9 * this.#reach.length;
  }

  forget(): void {
    this.#nullable.fill(0);
    this.#reach.fill(0);
    this.#partition.fill(0);
  }

  nullable(node: Node): boolean {
    const { nodes } = this.#expressions;
    const { kinds, a, b, pool } = nodes;
    // A sequence is nullable where all its parts are: in a loop, it may be long.
    let rest = node;
    while (kinds[rest] === Kind.sequence) {
      if (!this.nullable(a[rest] as Node)) return false;
      rest = b[rest] as Node;
    }
    switch (kinds[rest]) {
      case Kind.empty:
        return true;
      case Kind.repeat:
        if (b[rest] === 0) return true;
        return this.nullable(a[rest] as Node);
      case Kind.at:
        return this.nullable(b[rest] as Node);
      case Kind.not:
        return !this.nullable(a[rest] as Node);
      case Kind.automaton:
        return this.#expressions.automata[a[rest] as number]?.accepting[b[rest] as number] === 1;
      case Kind.choice:
      case Kind.both:
      case Kind.rule:
        break;
      default:
        return false;
    }
    this.#room();
    const known = this.#nullable[rest];
    if (known === 1 || known === 2) return known === 2;
    if (known === 3) throw this.leftRecursion(rest);
    this.#nullable[rest] = 3;
    let result: boolean;
    try {
      if (kinds[rest] === Kind.rule) result = this.nullable(this.#expressions.rules.body(a[rest] as number));
      else {
        const start = a[rest] as number;
        const wanted = kinds[rest] === Kind.choice;
        result = !wanted;
        for (let i = 0; i < (b[rest] as number) && result !== wanted; i++) if (this.nullable(pool[start + i] as Node) === wanted) result = wanted;
      }
    } catch (error) {
      this.#nullable[rest] = 0;
      throw unlessTooDeep(error);
    }
    this.#nullable[rest] = result ? 2 : 1;
    return result;
  }

  /** A set of bytes with all that may come next; others than these only where there are intersections. @throws `left-recursion` */
  reach(node: Node): number {
    this.#room();
    const known = this.#reach[node] as number;
    if (known > 0) return known - 1;
    if (known < 0) throw this.leftRecursion(node);
    this.#reach[node] = -1;
    let set: number;
    try {
      set = this.#reachAnew(node);
    } catch (error) {
      this.#reach[node] = 0;
      throw unlessTooDeep(error);
    }
    this.#room();
    this.#reach[node] = set + 1;
    return set;
  }

  #reachAnew(node: Node): number {
    const { nodes, sets } = this.#expressions;
    switch (nodes.kinds[node]) {
      case Kind.bytes:
        return nodes.a[node] as number;
      case Kind.sequence: {
        let set = 0;
        let rest = node;
        for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
          const head = nodes.a[rest] as Node;
          set = sets.union(set, this.reach(head));
          if (!this.nullable(head)) return set;
        }
        return sets.union(set, this.reach(rest));
      }
      case Kind.choice:
      case Kind.both: {
        const union = nodes.kinds[node] === Kind.choice;
        const bits = new Uint32Array(8).fill(union ? 0 : 0xffffffff);
        const start = nodes.a[node] as number;
        const count = nodes.b[node] as number;
        for (let i = 0; i < count; i++) {
          const one = this.reach(nodes.pool[start + i] as Node);
          for (let w = 0; w < 8; w++) {
            const word = sets.words[8 * one + w] as number;
            bits[w] = union ? (bits[w] as number) | word : (bits[w] as number) & word;
          }
        }
        return sets.intern(bits);
      }
      case Kind.repeat:
        return this.reach(nodes.a[node] as Node);
      case Kind.at:
        return this.reach(nodes.b[node] as Node);
      case Kind.rule:
        return this.reach(this.#expressions.rules.body(nodes.a[node] as number));
      case Kind.not:
        return 1;
      case Kind.automaton: {
        const bits = new Uint32Array(8);
        for (let byte = 0; byte < 256; byte++) if (this.#expressions.derive(node, byte) !== 0) add(bits, byte);
        return sets.intern(bits);
      }
      default:
        return 0;
    }
  }

  /** Classes of bytes that lead to the same node. */
  partition(node: Node): Partition {
    return this.#partitions.get(this.#partitionOf(node));
  }

  #partitionOf(node: Node): number {
    this.#room();
    const known = this.#partition[node] as number;
    if (known > 0) return known - 1;
    if (known < 0) throw this.leftRecursion(node);
    this.#partition[node] = -1;
    let partition: number;
    try {
      partition = this.#partitionAnew(node);
    } catch (error) {
      this.#partition[node] = 0;
      throw unlessTooDeep(error);
    }
    this.#room();
    this.#partition[node] = partition + 1;
    return partition;
  }

  #partitionAnew(node: Node): number {
    const { nodes, sets } = this.#expressions;
    const partitions = this.#partitions;
    switch (nodes.kinds[node]) {
      case Kind.bytes:
        return partitions.ofSet(sets, nodes.a[node] as number);
      case Kind.sequence: {
        let partition = 0;
        let rest = node;
        for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
          const head = nodes.a[rest] as Node;
          partition = partitions.together(partition, this.#partitionOf(head));
          if (!this.nullable(head)) return partition;
        }
        return partitions.together(partition, this.#partitionOf(rest));
      }
      case Kind.choice:
      case Kind.both: {
        let partition = 0;
        const start = nodes.a[node] as number;
        const count = nodes.b[node] as number;
        for (let i = 0; i < count; i++) partition = partitions.together(partition, this.#partitionOf(nodes.pool[start + i] as Node));
        return partition;
      }
      case Kind.repeat:
      case Kind.not:
        return this.#partitionOf(nodes.a[node] as Node);
      case Kind.at:
        return this.#partitionOf(nodes.b[node] as Node);
      case Kind.rule:
        return this.#partitionOf(this.#expressions.rules.body(nodes.a[node] as number));
      case Kind.automaton: {
        const { next } = this.#expressions.automata[nodes.a[node] as number] as { next: Int32Array };
        return partitions.ofValues(next, 256 * (nodes.b[node] as number));
      }
      default:
        return 0;
    }
  }

  leftRecursion(node: Node): CutawayError {
    const { nodes, rules } = this.#expressions;
    const rule = nodes.kinds[node] === Kind.rule ? rules.name(nodes.a[node] as number) : undefined;
    return new CutawayError("left-recursion", `${rule ? `Rule ${rule}` : "A rule"} can begin with itself: what may come next never ends.`, {
      data: { rule },
      fix: "Write the rule so that something stands before it calls itself, as a repeat for example.",
    });
  }

  /** What is kept by node has room for every node there is. */
  #room(): void {
    const { count } = this.#expressions.nodes;
    if (count <= this.#reach.length) return;
    const size = Math.max(2 * this.#reach.length, count);
    const nullable = new Uint8Array(size);
    nullable.set(this.#nullable);
    this.#nullable = nullable;
    const reach = new Int32Array(size);
    reach.set(this.#reach);
    this.#reach = reach;
    const partition = new Int32Array(size);
    partition.set(this.#partition);
    this.#partition = partition;
  }
}
