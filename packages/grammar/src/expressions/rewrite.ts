import type { Expressions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";

/** Builds nodes anew with something changed; what was built before is remembered. Long sequences are gone through in a loop. */
abstract class Rewriter {
  protected readonly expressions: Expressions;
  readonly #known = new Map<Node, Node>();

  constructor(expressions: Expressions) {
    this.expressions = expressions;
  }

  protected abstract changed(node: Node, kind: number): Node;

  of(node: Node): Node {
    const { nodes } = this.expressions;
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    let result: Node;
    const kind = nodes.kinds[node] as number;
    if (kind === Kind.sequence) {
      const passed: Node[] = [];
      let rest = node;
      while (nodes.kinds[rest] === Kind.sequence && !this.#known.has(rest)) {
        passed.push(rest);
        rest = nodes.b[rest] as Node;
      }
      result = this.of(rest);
      for (let i = passed.length - 1; i >= 0; i--) {
        const one = passed[i] as Node;
        result = this.expressions.followedBy(this.of(nodes.a[one] as Node), result);
        this.#known.set(one, result);
      }
      return result;
    }
    result = this.changed(node, kind);
    this.#known.set(node, result);
    return result;
  }

  protected members(node: Node): Node[] {
    const { a, b, pool } = this.expressions.nodes;
    return [...pool.subarray(a[node] as number, (a[node] as number) + (b[node] as number))].map((member) => this.of(member));
  }

  protected repeat(node: Node, part: Node): Node {
    const { b, c } = this.expressions.nodes;
    return this.expressions.repeat(part, b[node] as number, c[node] === -1 ? undefined : (c[node] as number));
  }
}

/** The same language without labels: what differs in its labels only is one state then. */
export class Bare extends Rewriter {
  protected override changed(node: Node, kind: number): Node {
    const { expressions } = this;
    const { a, b } = expressions.nodes;
    switch (kind) {
      case Kind.at:
        return this.of(b[node] as Node);
      case Kind.choice:
        return expressions.choice(...this.members(node));
      case Kind.repeat:
        return this.repeat(node, this.of(a[node] as Node));
      case Kind.both:
        return expressions.rawBoth(this.members(node));
      case Kind.not:
        return expressions.rawNot(this.of(a[node] as Node));
      case Kind.rule: {
        const index = a[node] as number;
        return expressions.rules.twin(index, (body) => this.of(body));
      }
      default:
        return node;
    }
  }
}

/**
 * The same as long as no more than `most` bytes follow: counts that cannot end so soon are without limit, so that states which differ only in them are one.
 * Not within intersections and complements, where what comes later says what may come now.
 */
export class Clamped extends Rewriter {
  readonly #most: number;

  constructor(expressions: Expressions, most: number) {
    super(expressions);
    this.#most = most;
  }

  override of(node: Node): Node {
    return this.expressions.isCounted(node) ? super.of(node) : node;
  }

  protected override changed(node: Node, kind: number): Node {
    const { expressions } = this;
    const { a, b, c } = expressions.nodes;
    if (kind === Kind.choice) return expressions.choice(...this.members(node));
    if (kind !== Kind.repeat) return node;
    const part = a[node] as Node;
    const [min, max] = [b[node] as number, c[node] as number];
    const changed = this.of(part);
    const most = this.#most;
    if (expressions.nullable(part) || (min <= most && max <= most)) return this.repeat(node, changed);
    return expressions.repeat(changed, Math.min(min, most), max < 0 || max > most ? undefined : max);
  }
}
