import { CutawayError } from "@cutaway/core";
import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";
import { unlessTooDeep } from "./limits.ts";
import { Rows } from "./rows.ts";

/**
 * What is left of a language after a byte.
 * source  Janusz Brzozowski, "Derivatives of Regular Expressions", 1964; byte classes as in Owens, Reppy, Turon, "Regular-expression derivatives
 * re-examined", 2009.
 */
export class Derivatives {
  readonly #expressions: Expressions;
  readonly #rows: Rows;
  readonly #first = new Map<Node, number>();

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
    this.#rows = new Rows(expressions.sets);
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  forget(): void {
    this.#rows.forget();
    this.#first.clear();
  }

  /** As `derive`, where most was asked for before. */
  again(node: Node, byte: number): Node {
    const known = this.#rows.get(node, byte);
    return known >= 0 ? known : this.derive(node, byte);
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
    const reach = this.#expressions.fronts.reach(node);
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
    const { classOf, words } = this.#expressions.fronts.partition(node);
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
      if (whole || !this.#expressions.fronts.nullable(head)) break;
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
        const least = this.#expressions.fronts.nullable(part) ? 0 : Math.max(0, min - 1);
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
    const reach = this.#expressions.fronts.reach(node);
    const { samples, words } = this.#expressions.fronts.partition(node);
    const live = new Uint32Array(8);
    for (let i = 0; i < samples.length; i++) {
      if (!sets.has(reach, samples[i] as number) || this.derive(node, samples[i] as number) === 0) continue;
      for (let w = 0; w < 8; w++) live[w] = (live[w] as number) | (words[8 * i + w] as number);
    }
    return sets.intern(live);
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
        return this.#expressions.fronts.nullable(head) ? expressions.choice(left, this.deriveToken(nodes.b[node] as Node, id)) : left;
      }
      case Kind.choice: {
        const members = nodes.pool.slice(nodes.a[node] as number, (nodes.a[node] as number) + (nodes.b[node] as number));
        return expressions.choice(...[...members].map((member) => this.deriveToken(member, id)));
      }
      case Kind.repeat: {
        const [part, min, max] = [nodes.a[node] as Node, nodes.b[node] as number, nodes.c[node] as number];
        const least = this.#expressions.fronts.nullable(part) ? 0 : Math.max(0, min - 1);
        const left = this.deriveToken(part, id);
        return left === 0 ? 0 : expressions.followedBy(left, expressions.repeat(part, least, max < 0 ? undefined : max - 1));
      }
      case Kind.at:
        return expressions.labelled(nodes.a[node] as number, this.deriveToken(nodes.b[node] as Node, id));
      case Kind.rule:
        expressions.fronts.reach(node);
        return this.deriveToken(expressions.rules.body(nodes.a[node] as number), id);
      default:
        return 0;
    }
  }
}
