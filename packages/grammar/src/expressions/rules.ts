import { CutawayError } from "@cutaway/core";
import type { Expressions, RuleOptions } from "./expressions.ts";
import { Kind, type Node } from "./kinds.ts";

interface Rule {
  name: string;
  build: () => Node;
  body: Node | undefined;
  building: boolean;
  promised: boolean;
}

/** Named parts: built when first needed; those without any text are found and taken out. */
export class Rules {
  readonly #expressions: Expressions;
  readonly #rules: Rule[] = [];
  readonly #byName = new Map<string, number>();
  /** Whether a rule has a text; absent = not looked into. */
  readonly #productive = new Map<number, boolean>();
  /** Nodes whose rules are all looked into. */
  readonly #settled = new Set<Node>();
  readonly #rewritten = new Map<Node, Node>();
  #settling = false;
  /** Rules built, but not yet gone through for parts without a text. */
  readonly #built: number[] = [];
  #anyDead = false;
  #closed = false;

  constructor(expressions: Expressions) {
    this.#expressions = expressions;
  }

  add(name: string, build: () => Node, { promiseNonEmpty = false }: RuleOptions): number {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const index = this.#rules.push({ name, build, body: undefined, building: false, promised: promiseNonEmpty }) - 1;
    this.#byName.set(name, index);
    return index;
  }

  /** The rule whose body is the other's, changed: made once for each. */
  twin(index: number, change: (body: Node) => Node): Node {
    return this.#expressions.rule(`${this.name(index)}\0`, () => change(this.body(index)), { promiseNonEmpty: true });
  }

  name(index: number): string {
    return (this.#rules[index] as Rule).name;
  }

  /** Rules whose body is there. */
  *built(): Generator<number> {
    for (let index = 0; index < this.#rules.length; index++) if (this.#rules[index]?.body !== undefined) yield index;
  }

  body(index: number): Node {
    const rule = this.#rules[index] as Rule;
    if (rule.body !== undefined) return rule.body;
    if (rule.building) throw new CutawayError("left-recursion", `Rule ${rule.name} needs its own body to be built.`, { data: { rule: rule.name } });
    rule.building = true;
    try {
      rule.body = rule.build();
    } finally {
      rule.building = false;
    }
    this.#built.push(index);
    if (this.#closed && !this.#settling) this.#clean();
    return rule.body;
  }

  isEmpty(node: Node): boolean {
    if (node === this.#expressions.nothing) return true;
    this.#settle(node);
    return !this.#hasText(node);
  }

  closed(node: Node): Node {
    this.#settle(node);
    this.#clean();
    this.#closed = true;
    return this.#anyDead ? this.#without(node) : node;
  }

  /** Takes out of new bodies what has no text. */
  #clean(): void {
    const cleaned: number[] = [];
    while (this.#built.length > 0) {
      const index = this.#built.pop() as number;
      cleaned.push(index);
      this.#settle(this.#rules[index]?.body as Node);
    }
    if (!this.#anyDead) return;
    for (const index of cleaned) {
      const rule = this.#rules[index] as Rule;
      rule.body = this.#productive.get(index) === false ? this.#expressions.nothing : this.#without(rule.body as Node);
    }
    this.#expressions.forget();
  }

  /** Finds for every rule reached from the node whether it has a text: the least fixed point. */
  #settle(node: Node): void {
    const outer = this.#settling;
    this.#settling = true;
    try {
      this.#decide(this.#reached(node));
    } finally {
      this.#settling = outer;
    }
  }

  /** Rules with their bodies that the node leads to and that are not known yet. Builds them. */
  #reached(node: Node): Map<number, Node> {
    const bodies = new Map<number, Node>();
    const open = [node];
    const { nodes } = this.#expressions;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#settled.has(next)) continue;
      this.#settled.add(next);
      if (nodes.kinds[next] !== Kind.rule) {
        open.push(...this.#parts(next));
        continue;
      }
      const index = nodes.a[next] as number;
      const rule = this.#rules[index] as Rule;
      if (this.#productive.has(index)) continue;
      if (rule.promised) this.#productive.set(index, true);
      if (rule.promised && rule.body === undefined) continue;
      const body = this.body(index);
      if (!rule.promised) bodies.set(index, body);
      open.push(body);
    }
    return bodies;
  }

  /** The rules start as having no text; those found to have one make others so. What was reached last is asked first: others stand on it. */
  #decide(bodies: ReadonlyMap<number, Node>): void {
    let open = [...bodies].reverse();
    for (let before = -1; open.length !== before; ) {
      before = open.length;
      open = open.filter(([index, body]) => {
        const has = this.#hasText(body);
        if (has) this.#productive.set(index, true);
        return !has;
      });
    }
    for (const [index] of open) this.#productive.set(index, false);
    this.#anyDead ||= open.length > 0;
  }

  #parts(node: Node): Node[] {
    const { kinds, a, b, pool } = this.#expressions.nodes;
    switch (kinds[node]) {
      case Kind.sequence:
        return [a[node] as Node, b[node] as Node];
      case Kind.choice:
        return [...pool.subarray(a[node] as number, (a[node] as number) + (b[node] as number))];
      case Kind.repeat:
        return [a[node] as Node];
      case Kind.at:
        return [b[node] as Node];
      default:
        return [];
    }
  }

  /** Whether the node has a text, given what is known of rules. Long sequences in a loop. */
  #hasText(node: Node, known = new Map<Node, boolean>()): boolean {
    const { kinds, a, b } = this.#expressions.nodes;
    let rest = node;
    while (kinds[rest] === Kind.sequence) {
      if (!this.#hasText(a[rest] as Node, known)) return false;
      rest = b[rest] as Node;
    }
    const before = known.get(rest);
    if (before !== undefined) return before;
    let has = rest !== this.#expressions.nothing;
    if (kinds[rest] === Kind.choice) has = this.#parts(rest).some((part) => this.#hasText(part, known));
    else if (kinds[rest] === Kind.repeat) has = b[rest] === 0 || this.#hasText(a[rest] as Node, known);
    else if (kinds[rest] === Kind.at) has = this.#hasText(b[rest] as Node, known);
    else if (kinds[rest] === Kind.rule) has = this.#productive.get(a[rest] as number) ?? false;
    known.set(rest, has);
    return has;
  }

  /** The node with rules that have no text as `nothing`. */
  #without(node: Node): Node {
    const expressions = this.#expressions;
    const rewritten = this.#rewritten;
    const { nodes } = expressions;
    const known = rewritten.get(node);
    if (known !== undefined) return known;
    let result = node;
    const kind = nodes.kinds[node];
    if (kind === Kind.sequence) {
      const heads: Node[] = [];
      let rest = node;
      for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) heads.push(nodes.a[rest] as Node);
      result = this.#without(rest);
      for (let i = heads.length - 1; i >= 0; i--) result = expressions.followedBy(this.#without(heads[i] as Node), result);
    } else if (kind === Kind.choice) result = expressions.choice(...this.#parts(node).map((part) => this.#without(part)));
    else if (kind === Kind.repeat) {
      const max = nodes.c[node] as number;
      result = expressions.repeat(this.#without(nodes.a[node] as Node), nodes.b[node] as number, max < 0 ? undefined : max);
    } else if (kind === Kind.at) result = expressions.labelled(nodes.a[node] as number, this.#without(nodes.b[node] as Node));
    else if (kind === Kind.rule && this.#productive.get(nodes.a[node] as number) === false) result = expressions.nothing;
    rewritten.set(node, result);
    return result;
  }
}
