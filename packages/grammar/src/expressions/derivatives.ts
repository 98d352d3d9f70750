import { CutawayError } from "@cutaway/core";
import { add } from "./byte-sets.ts";
import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";
import { unlessTooDeep } from "./limits.ts";
import { type Partition, Partitions } from "./partitions.ts";
import { Rows } from "./rows.ts";

/**
 * What is left of a language after a byte.
 * source  Janusz Brzozowski, "Derivatives of Regular Expressions", 1964; byte classes as in Owens, Reppy, Turon, "Regular-expression derivatives
 * re-examined", 2009.
 */
export class Derivatives {
  readonly #expressions: Expressions;
  readonly #rows: Rows;
  /** 1 = no, 2 = yes, 3 = being worked out, by node. */
  #nullable = new Uint8Array(1024);
  /** A set of `sets` + 1, −1 = being worked out, by node: bytes that may come next, and for intersections some that may not. */
  #reach = new Int32Array(1024);
  readonly #first = new Map<Node, number>();
  readonly #partitions = new Partitions();
  /** A partition + 1, −1 = being worked out, by node. */
  #partition = new Int32Array(1024);

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#rows = new Rows(expressions.sets);
  }

  get bytes(): number {
    return this.#rows.bytes + 9 * this.#reach.length;
  }

  forget(): void {
    this.#rows.forget();
    this.#nullable.fill(0);
    this.#reach.fill(0);
    this.#partition.fill(0);
    this.#first.clear();
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
    if (known === 3) throw this.#leftRecursion(rest);
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

  derive(node: Node, byte: number): Node {
    const { nodes, sets } = this.#expressions;
    switch (nodes.kinds[node]) {
      case Kind.bytes:
        return sets.has(nodes.a[node] as number, byte) ? 1 : 0;
      case Kind.sequence: {
        const head = nodes.a[node] as Node;
        if (nodes.kinds[head] === Kind.bytes) return sets.has(nodes.a[head] as number, byte) ? (nodes.b[node] as Node) : 0;
        break;
      }
      case Kind.at:
        return this.#expressions.labelled(nodes.a[node] as number, this.derive(nodes.b[node] as Node, byte));
      case Kind.automaton: {
        const index = nodes.a[node] as number;
        const to = this.#expressions.automata[index]?.next[256 * (nodes.b[node] as number) + byte] as number;
        return to < 0 ? 0 : this.#expressions.automatonState(index, to);
      }
      case Kind.nothing:
      case Kind.empty:
      case Kind.token:
        return 0;
    }
    const known = this.#rows.get(node, byte);
    if (known >= 0) return known;
    const reach = this.reach(node);
    if (!sets.has(reach, byte)) {
      this.#rows.setReach(node, reach);
      return 0;
    }
    let left: Node;
    try {
      left = this.#deriveAnew(node, byte);
    } catch (error) {
      throw unlessTooDeep(error);
    }
    const { classOf, words } = this.partition(node);
    this.#rows.set(node, reach, words, 8 * (classOf[byte] as number), left);
    return left;
  }

  /** A choice of: what the head leaves, then the tail; where the head may be empty, what the tail leaves; and so on. */
  #deriveSequence(node: Node, byte: number): Node {
    const expressions = this.#expressions;
    const { nodes } = expressions;
    let found: Node = 0;
    let more: Node[] | undefined;
    let rest = node;
    for (;;) {
      const whole = nodes.kinds[rest] !== Kind.sequence;
      const head = whole ? rest : (nodes.a[rest] as Node);
      const left = this.derive(head, byte);
      if (left !== 0) {
        const one = whole ? left : expressions.followedBy(left, nodes.b[rest] as Node);
        if (found === 0) found = one;
        else if (more) more.push(one);
        else more = [found, one];
      }
      if (whole || !this.nullable(head)) break;
      rest = nodes.b[rest] as Node;
    }
    return more ? expressions.choice(...more) : found;
  }

  #deriveAnew(node: Node, byte: number): Node {
    const expressions = this.#expressions;
    const { nodes } = expressions;
    switch (nodes.kinds[node]) {
      case Kind.sequence:
        return this.#deriveSequence(node, byte);
      case Kind.choice: {
        const start = nodes.a[node] as number;
        const count = nodes.b[node] as number;
        const left: Node[] = [];
        for (let i = 0; i < count; i++) {
          const one = this.derive(nodes.pool[start + i] as Node, byte);
          if (one !== 0) left.push(one);
        }
        return expressions.choice(...left);
      }
      case Kind.repeat: {
        const part = nodes.a[node] as Node;
        const left = this.derive(part, byte);
        if (left === 0) return 0;
        const [min, max] = [nodes.b[node] as number, nodes.c[node] as number];
        const least = this.nullable(part) ? 0 : Math.max(0, min - 1);
        return expressions.followedBy(left, expressions.repeat(part, least, max < 0 ? undefined : max - 1));
      }
      case Kind.both:
      case Kind.not:
        return expressions.emptiness.checked(this.deriveRaw(node, byte));
      case Kind.rule:
        // `reach` has seen that it does not begin with itself.
        return this.derive(expressions.rules.body(nodes.a[node] as number), byte);
      default:
        throw new CutawayError("internal", "derive: a kind of node without a row", { kind: "internal" });
    }
  }

  /** The derivative of an intersection or a complement, not looked into for emptiness. */
  deriveRaw(node: Node, byte: number): Node {
    const expressions = this.#expressions;
    const { nodes } = expressions;
    const kind = nodes.kinds[node];
    if (kind === Kind.not) return expressions.rawNot(this.derive(nodes.a[node] as Node, byte));
    if (kind !== Kind.both) return this.derive(node, byte);
    const start = nodes.a[node] as number;
    const count = nodes.b[node] as number;
    const left: Node[] = [];
    for (let i = 0; i < count; i++) {
      const one = this.deriveRaw(nodes.pool[start + i] as Node, byte);
      if (one === 0) return 0;
      left.push(one);
    }
    return expressions.rawBoth(left);
  }

  /** Classes of bytes that lead to the same node. */
  partition(node: Node): Partition {
    return this.#partitions.get(this.#partitionOf(node));
  }

  #partitionOf(node: Node): number {
    this.#room();
    const known = this.#partition[node] as number;
    if (known > 0) return known - 1;
    if (known < 0) throw this.#leftRecursion(node);
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

  /** The set of bytes that may come next. */
  first(node: Node): number {
    let set = this.#first.get(node);
    if (set === undefined) {
      set = this.#firstAnew(node);
      this.#first.set(node, set);
    }
    return set;
  }

  #firstAnew(node: Node): number {
    const { sets } = this.#expressions;
    const reach = this.reach(node);
    const { samples, words } = this.partition(node);
    const live = new Uint32Array(8);
    for (let i = 0; i < samples.length; i++) {
      if (!sets.has(reach, samples[i] as number) || this.derive(node, samples[i] as number) === 0) continue;
      for (let w = 0; w < 8; w++) live[w] = (live[w] as number) | (words[8 * i + w] as number);
    }
    return sets.intern(live);
  }

  /** A set of bytes with all that may come next; others than these only where there are intersections. @throws `left-recursion` */
  reach(node: Node): number {
    this.#room();
    const known = this.#reach[node] as number;
    if (known > 0) return known - 1;
    if (known < 0) throw this.#leftRecursion(node);
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
        for (let byte = 0; byte < 256; byte++) if (this.derive(node, byte) !== 0) add(bits, byte);
        return sets.intern(bits);
      }
      default:
        return 0;
    }
  }

  deriveToken(node: Node, id: number): Node {
    const expressions = this.#expressions;
    const { nodes } = expressions;
    switch (nodes.kinds[node]) {
      case Kind.token:
        return nodes.a[node] === id ? 1 : 0;
      case Kind.sequence: {
        const head = nodes.a[node] as Node;
        const left = expressions.followedBy(this.deriveToken(head, id), nodes.b[node] as Node);
        return this.nullable(head) ? expressions.choice(left, this.deriveToken(nodes.b[node] as Node, id)) : left;
      }
      case Kind.choice: {
        const members = nodes.pool.slice(nodes.a[node] as number, (nodes.a[node] as number) + (nodes.b[node] as number));
        return expressions.choice(...[...members].map((member) => this.deriveToken(member, id)));
      }
      case Kind.repeat: {
        const [part, min, max] = [nodes.a[node] as Node, nodes.b[node] as number, nodes.c[node] as number];
        const least = this.nullable(part) ? 0 : Math.max(0, min - 1);
        const left = this.deriveToken(part, id);
        return left === 0 ? 0 : expressions.followedBy(left, expressions.repeat(part, least, max < 0 ? undefined : max - 1));
      }
      case Kind.at:
        return expressions.labelled(nodes.a[node] as number, this.deriveToken(nodes.b[node] as Node, id));
      case Kind.rule:
        return this.#guarded(node, () => this.deriveToken(expressions.rules.body(nodes.a[node] as number), id));
      default:
        return 0;
    }
  }

  /** Special tokens that may come next. */
  tokensAhead(node: Node): Set<number> {
    const found = new Set<number>();
    this.#ahead(node, (kind, value) => {
      if (kind === Kind.token) found.add(value);
    });
    return found;
  }

  labelsAhead(node: Node, found: Set<number>): void {
    this.#ahead(node, (kind, value) => {
      if (kind === Kind.at) found.add(value);
    });
  }

  /** Labels on the parts that take the byte, outermost first. */
  labelsTaking(node: Node, byte: number, found: Set<number>): void {
    const { nodes } = this.#expressions;
    let rest = node;
    for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
      this.labelsTaking(nodes.a[rest] as Node, byte, found);
      if (!this.nullable(nodes.a[rest] as Node)) return;
    }
    const kind = nodes.kinds[rest] as number;
    if (kind !== Kind.not && this.derive(rest, byte) === 0) return;
    if (kind === Kind.choice || kind === Kind.both) {
      const start = nodes.a[rest] as number;
      for (let i = 0; i < (nodes.b[rest] as number); i++) this.labelsTaking(nodes.pool[start + i] as Node, byte, found);
    } else if (kind === Kind.repeat || kind === Kind.not) this.labelsTaking(nodes.a[rest] as Node, byte, found);
    else if (kind === Kind.at) {
      found.add(nodes.a[rest] as number);
      this.labelsTaking(nodes.b[rest] as Node, byte, found);
    } else if (kind === Kind.rule) this.labelsTaking(this.#expressions.rules.body(nodes.a[rest] as number), byte, found);
  }

  /** Visits what may stand at the front: special tokens and labels, outermost first. */
  #ahead(node: Node, visit: (kind: number, a: number) => void, seen = new Set<Node>()): void {
    const { nodes } = this.#expressions;
    let rest = node;
    for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) {
      this.#ahead(nodes.a[rest] as Node, visit, seen);
      if (!this.nullable(nodes.a[rest] as Node)) return;
    }
    if (seen.has(rest)) return;
    seen.add(rest);
    const kind = nodes.kinds[rest] as number;
    visit(kind, nodes.a[rest] as number);
    if (kind === Kind.choice || kind === Kind.both) {
      const start = nodes.a[rest] as number;
      for (let i = 0; i < (nodes.b[rest] as number); i++) this.#ahead(nodes.pool[start + i] as Node, visit, seen);
    } else if (kind === Kind.repeat || kind === Kind.not) this.#ahead(nodes.a[rest] as Node, visit, seen);
    else if (kind === Kind.at) this.#ahead(nodes.b[rest] as Node, visit, seen);
    else if (kind === Kind.rule) this.#ahead(this.#expressions.rules.body(nodes.a[rest] as number), visit, seen);
  }

  readonly #entered = new Set<Node>();

  /** A rule that is met again before a byte was taken is left-recursive. */
  #guarded<T>(node: Node, work: () => T): T {
    if (this.#entered.has(node)) throw this.#leftRecursion(node);
    this.#entered.add(node);
    try {
      return work();
    } finally {
      this.#entered.delete(node);
    }
  }

  #leftRecursion(node: Node): CutawayError {
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
