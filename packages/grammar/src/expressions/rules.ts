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
  /** 1 = has a text, 0 = has none, by rule; absent = not looked into. */
  readonly #productive = new Map<number, boolean>();
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

  name(index: number): string {
    return (this.#rules[index] as Rule).name;
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
    if (this.#closed) rule.body = this.closed(rule.body);
    return rule.body;
  }

  isEmpty(node: Node): boolean {
    if (node === this.#expressions.nothing) return true;
    this.#settle(node);
    return !this.#hasText(node, this.#productive);
  }

  closed(node: Node): Node {
    this.#closed = true;
    const reached = this.#settle(node);
    const dead = [...reached].some((index) => !this.#productive.get(index));
    if (!dead) return node;
    const rewritten = new Map<Node, Node>();
    for (const index of reached) {
      const rule = this.#rules[index] as Rule;
      if (rule.body !== undefined) rule.body = this.#productive.get(index) ? this.#without(rule.body, rewritten) : this.#expressions.nothing;
    }
    this.#expressions.derivatives.forget();
    return this.#without(node, rewritten);
  }

  /** Finds for every rule reached from the node whether it has a text: the least fixed point. Returns the rules reached. */
  #settle(node: Node): Set<number> {
    const reached = new Set<number>();
    const bodies = new Map<number, Node>();
    const open = [node];
    const seen = new Set<Node>();
    const { nodes } = this.#expressions;
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (nodes.kinds[next] === Kind.rule) {
        const index = nodes.a[next] as number;
        reached.add(index);
        const rule = this.#rules[index] as Rule;
        if (rule.promised && rule.body === undefined) {
          this.#productive.set(index, true);
          continue;
        }
        const body = this.body(index);
        bodies.set(index, body);
        open.push(body);
      } else open.push(...this.#parts(next));
    }
    // Known answers stay; unknown ones start as "no" and grow.
    const unknown = [...reached].filter((index) => this.#productive.get(index) === undefined);
    const answers = new Map(this.#productive);
    for (let changed = true; changed; ) {
      changed = false;
      for (const index of unknown) {
        if (answers.get(index) || !this.#hasText(bodies.get(index) as Node, answers)) continue;
        answers.set(index, true);
        changed = true;
      }
    }
    for (const index of unknown) this.#productive.set(index, answers.get(index) ?? false);
    return reached;
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
  #hasText(node: Node, productive: ReadonlyMap<number, boolean>, known = new Map<Node, boolean>()): boolean {
    const { kinds, a, b } = this.#expressions.nodes;
    let rest = node;
    while (kinds[rest] === Kind.sequence) {
      if (!this.#hasText(a[rest] as Node, productive, known)) return false;
      rest = b[rest] as Node;
    }
    const before = known.get(rest);
    if (before !== undefined) return before;
    let has = rest !== this.#expressions.nothing;
    if (kinds[rest] === Kind.choice) has = this.#parts(rest).some((part) => this.#hasText(part, productive, known));
    else if (kinds[rest] === Kind.repeat) has = b[rest] === 0 || this.#hasText(a[rest] as Node, productive, known);
    else if (kinds[rest] === Kind.at) has = this.#hasText(b[rest] as Node, productive, known);
    else if (kinds[rest] === Kind.rule) has = productive.get(a[rest] as number) ?? false;
    known.set(rest, has);
    return has;
  }

  /** The node with rules that have no text as `nothing`. */
  #without(node: Node, rewritten: Map<Node, Node>): Node {
    const expressions = this.#expressions;
    const { nodes } = expressions;
    const known = rewritten.get(node);
    if (known !== undefined) return known;
    let result = node;
    const kind = nodes.kinds[node];
    if (kind === Kind.sequence) {
      const heads: Node[] = [];
      let rest = node;
      for (; nodes.kinds[rest] === Kind.sequence; rest = nodes.b[rest] as Node) heads.push(nodes.a[rest] as Node);
      result = this.#without(rest, rewritten);
      for (let i = heads.length - 1; i >= 0; i--) result = expressions.followedBy(this.#without(heads[i] as Node, rewritten), result);
    } else if (kind === Kind.choice) result = expressions.choice(...this.#parts(node).map((part) => this.#without(part, rewritten)));
    else if (kind === Kind.repeat) {
      const max = nodes.c[node] as number;
      result = expressions.repeat(this.#without(nodes.a[node] as Node, rewritten), nodes.b[node] as number, max < 0 ? undefined : max);
    } else if (kind === Kind.at) result = expressions.labelled(nodes.a[node] as number, this.#without(nodes.b[node] as Node, rewritten));
    else if (kind === Kind.rule && this.#productive.get(nodes.a[node] as number) === false) result = expressions.nothing;
    rewritten.set(node, result);
    return result;
  }
}
