import { CutawayError } from "@cutaway/core";
import { labelsAhead, labelsTaking, tokensAhead } from "./ahead.ts";
import { type Automaton, trimmed } from "./automata.ts";
import { add, ByteSets } from "./byte-sets.ts";
import { mergedChoice } from "./choices.ts";
import { Derivatives } from "./derivatives.ts";
import { Emptiness } from "./emptiness.ts";
import { Fronts } from "./fronts.ts";
import { Kind, type Node, type Source } from "./kinds.ts";
import { defaultLimits, type Limits, tooLarge, unlessTooDeep } from "./limits.ts";
import { NodeTable } from "./node-table.ts";
import { Rules } from "./rules.ts";
import { utf8Ranges } from "./scalars.ts";

export interface RuleOptions {
  /** The rule has a text, whatever is said later: it need not be built to know. */
  promiseNonEmpty?: boolean;
  source?: Source;
}

/**
 * Languages over bytes, and what is left of them after a byte. Every expression is an interned number: equal structure, equal number, so what follows
 * from one is worked out once. A state of matching is such a number too; to keep or fork it costs nothing.
 */
export class Expressions {
  readonly nothing: Node = 0;
  readonly empty: Node = 1;
  readonly anyByte: Node;
  /** Any bytes, valid UTF-8 or not. */
  readonly anyBytes: Node;
  readonly limits: Limits;
  /** Inner parts, for what reads expressions (`derivatives`, `closing`); not for front ends. */
  readonly nodes = new NodeTable();
  readonly sets = new ByteSets();
  readonly rules: Rules;
  readonly automata: ReturnType<typeof trimmed>[] = [];
  readonly labels: Source[] = [];
  readonly fronts: Fronts;
  readonly derivatives: Derivatives;
  readonly emptiness: Emptiness;
  /** What is true of a node and its parts, by node: bits of `Trait`. */
  readonly #traits: number[] = [Trait.regular, Trait.regular];
  readonly #labelIds = new Map<string, number>();
  readonly #deadline: number;
  #timed = true;
  #anyToken = false;
  #made = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...defaultLimits, ...limits };
    this.#deadline = performance.now() + this.limits.milliseconds;
    this.rules = new Rules(this);
    this.fronts = new Fronts(this);
    this.derivatives = new Derivatives(this);
    this.emptiness = new Emptiness(this);
    this.anyByte = this.#node(Kind.bytes, 1, 0, 0);
    this.anyBytes = this.repeat(this.anyByte);
  }

  /** One byte of a set. */
  bytes(set: Iterable<number> | { from: number; to: number }[]): Node {
    const bits = new Uint32Array(8);
    for (const entry of set) {
      if (typeof entry === "number") add(bits, entry);
      else for (let byte = entry.from; byte <= entry.to; byte++) add(bits, byte);
    }
    return this.byteSet(this.sets.intern(bits));
  }

  /** One byte of an interned set. */
  byteSet(set: number): Node {
    return set === 0 ? this.nothing : this.#node(Kind.bytes, set, 0, 0);
  }

  /** A literal. */
  text(text: string | Uint8Array): Node {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    let node = this.empty;
    for (let i = bytes.length - 1; i >= 0; i--) {
      const byte = this.bytes([bytes[i] as number]);
      node = node === this.empty ? byte : this.#node(Kind.sequence, byte, node, 0);
    }
    return node;
  }

  /** One Unicode scalar value of the ranges (both ends belong), as UTF-8. Surrogates are left out. */
  scalars(ranges: readonly (readonly [from: number, to: number])[]): Node {
    const parts: Node[] = [];
    for (const [from, to] of ranges) {
      for (const forms of utf8Ranges(from, to)) {
        let node = this.empty;
        for (const [low, high] of forms.toReversed()) node = this.sequence(this.byteSet(this.sets.range(low, high)), node);
        parts.push(node);
      }
    }
    return this.choice(...parts);
  }

  /** One after the other. */
  sequence(...parts: Node[]): Node {
    let node = this.empty;
    for (let i = parts.length - 1; i >= 0; i--) node = this.followedBy(parts[i] as Node, node);
    return node;
  }

  followedBy(head: Node, tail: Node): Node {
    if (head === this.nothing || tail === this.nothing) return this.nothing;
    if (head === this.empty) return tail;
    if (tail === this.empty) return head;
    const { kinds, a, b, c } = this.nodes;
    if (kinds[head] === Kind.sequence) {
      // A head is never a sequence itself; long ones are turned without deep recursion.
      const heads: Node[] = [];
      let rest = head;
      while (kinds[rest] === Kind.sequence) {
        heads.push(a[rest] as Node);
        rest = b[rest] as Node;
      }
      let node = this.followedBy(rest, tail);
      for (let i = heads.length - 1; i >= 0; i--) node = this.followedBy(heads[i] as Node, node);
      return node;
    }
    const next = kinds[tail] === Kind.sequence ? (a[tail] as Node) : tail;
    if (kinds[next] === Kind.repeat) {
      const after = next === tail ? this.empty : (b[tail] as Node);
      const [part, min, max] = [a[next] as Node, b[next] as number, c[next] as number];
      if (head === part) return this.followedBy(this.repeat(part, min + 1, max < 0 ? undefined : max + 1), after);
      if (kinds[head] === Kind.repeat && a[head] === part) {
        const [min0, max0] = [b[head] as number, c[head] as number];
        return this.followedBy(this.repeat(part, min + min0, max < 0 || max0 < 0 ? undefined : max + max0), after);
      }
    }
    return this.#node(Kind.sequence, head, tail, 0);
  }

  /** Any of several. */
  choice(...parts: Node[]): Node {
    return mergedChoice(this, parts);
  }

  /** The part `min` to `max` times; without `max` there is no limit. Counted, not unrolled. */
  repeat(part: Node, min = 0, max?: number): Node {
    if (!(min >= 0 && (max === undefined || max >= min))) {
      throw new CutawayError("bad-repeat", `A repeat from ${min} to ${max} times cannot be.`, { kind: "internal" });
    }
    if (part === this.nothing) return min === 0 ? this.empty : this.nothing;
    if (part === this.empty || max === 0) return this.empty;
    if (min === 1 && max === 1) return part;
    const { kinds, b, c } = this.nodes;
    if (kinds[part] === Kind.repeat && (b[part] as number) <= 1 && c[part] === -1 && (min <= 1 || b[part] === 0)) {
      // (x*)*, (x+)*, (x*)+, (x+)+, and (x*){m,n}, which is x* too.
      return this.repeat(this.nodes.a[part] as Node, min === 0 || b[part] === 0 ? 0 : 1);
    }
    return this.#node(Kind.repeat, part, Math.min(min, countLimit), max === undefined || max >= countLimit ? -1 : max);
  }

  /** The part or the empty text. */
  optional(part: Node): Node {
    return this.repeat(part, 0, 1);
  }

  /** All at once. Regular parts only: no rule, no special token. */
  both(...parts: Node[]): Node {
    return this.emptiness.checked(this.rawBoth(parts));
  }

  /** All bytes that are not a text of the part: not only valid UTF-8, so meet it with what the text may be. Regular parts only. */
  not(part: Node): Node {
    return this.emptiness.checked(this.rawNot(part));
  }

  without(part: Node, removed: Node): Node {
    return this.both(part, this.rawNot(removed));
  }

  /** As `both`, not yet looked into for emptiness. */
  rawBoth(parts: readonly Node[]): Node {
    const members = new Set<Node>();
    let set = -1;
    for (const part of parts) {
      this.#needsRegular(part);
      const { kinds, a, b, pool } = this.nodes;
      const inner = kinds[part] === Kind.both ? pool.subarray(a[part] as number, (a[part] as number) + (b[part] as number)) : [part];
      for (const member of inner) {
        if (member === this.nothing) return this.nothing;
        if (member === this.anyBytes) continue;
        if (kinds[member] === Kind.bytes) set = set < 0 ? (a[member] as number) : this.sets.intersection(set, a[member] as number);
        else members.add(member);
      }
    }
    if (set === 0) return this.nothing;
    if (set > 0) members.add(this.byteSet(set));
    if (members.size === 0) return this.anyBytes;
    if (members.has(this.empty)) {
      for (const member of members) if (!this.nullable(member)) return this.nothing;
      return this.empty;
    }
    const sorted = Int32Array.from(members).sort();
    for (const member of sorted) if (this.#excludes(member, members)) return this.nothing;
    if (sorted.length === 1) return sorted[0] as Node;
    return this.#noted(this.nodes.internList(Kind.both, sorted, sorted.length), Trait.regular);
  }

  /** The member is the complement of another, or of a choice that has another in it. */
  #excludes(member: Node, members: ReadonlySet<Node>): boolean {
    const { kinds, a, b, pool } = this.nodes;
    if (kinds[member] !== Kind.not) return false;
    const part = a[member] as Node;
    if (kinds[part] !== Kind.choice) return members.has(part);
    const from = a[part] as number;
    return pool.subarray(from, from + (b[part] as number)).some((one) => members.has(one));
  }

  /** As `not`, not yet looked into for emptiness. */
  rawNot(part: Node): Node {
    this.#needsRegular(part);
    if (part === this.nothing) return this.anyBytes;
    if (part === this.anyBytes) return this.nothing;
    if (this.nodes.kinds[part] === Kind.not) return this.nodes.a[part] as Node;
    return this.#node(Kind.not, part, 0, 0);
  }

  /** A named part, recursive or not; `build` is called when its body is first needed. The same name is the same rule. */
  rule(name: string, build: () => Node, options: RuleOptions = {}): Node {
    const index = this.rules.add(name, build, options);
    const node = this.#node(Kind.rule, index, 0, 0);
    return options.source ? this.at(options.source, node) : node;
  }

  /** The part, with where it comes from. */
  at(source: Source, part: Node): Node {
    if (part === this.nothing || part === this.empty) return part;
    const key = `${source.pointer}\n${source.keyword}\n${source.line}\n${source.rule}`;
    let label = this.#labelIds.get(key);
    if (label === undefined) {
      label = this.labels.push(source) - 1;
      this.#labelIds.set(key, label);
    }
    return this.labelled(label, part);
  }

  labelled(label: number, part: Node): Node {
    if (part === this.nothing || part === this.empty) return part;
    return this.#node(Kind.at, label, part, 0);
  }

  /** A special token: a symbol beyond the bytes. */
  token(id: number): Node {
    this.#anyToken = true;
    return this.#node(Kind.token, id, 0, 0);
  }

  /** A hand-made table, where that is the better form. */
  automaton(table: Automaton): Node {
    const trim = trimmed(table);
    const index = this.automata.push(trim) - 1;
    return trim.live[trim.start] ? this.automatonState(index, trim.start) : this.nothing;
  }

  automatonState(index: number, state: number): Node {
    return this.#node(Kind.automaton, index, state, 0);
  }

  /** What `members` (sorted, unique, at least two) make as a choice. */
  choiceNode(members: ArrayLike<Node>, count: number): Node {
    let traits = this.#traits[members[0] as Node] as number;
    for (let i = 1; i < count; i++) traits = together(traits, this.#traits[members[i] as Node] as number);
    return this.#noted(this.nodes.internList(Kind.choice, members, count), traits);
  }

  /** Whether it has no text at all. Builds the rules it needs to know. */
  isEmpty(node: Node): boolean {
    return this.rules.isEmpty(node);
  }

  /**
   * The same language with every rule built (but those promised to have a text), and without parts that have none. Ends the time for compiling.
   * @throws `left-recursion` where a rule can begin with itself; `grammar-too-large` where parts stand in each other too deeply.
   */
  closed(node: Node): Node {
    try {
      const closed = this.rules.closed(node);
      for (const index of this.rules.built()) this.fronts.reach(this.#node(Kind.rule, index, 0, 0));
      this.fronts.reach(closed);
      this.#timed = false;
      return closed;
    } catch (error) {
      throw unlessTooDeep(error);
    }
  }

  /** Whether the empty text belongs to it. */
  nullable(node: Node): boolean {
    return this.fronts.nullable(node);
  }

  /** Whether it has no rule and no special token: what `both` and `not` may hold. */
  isRegular(node: Node): boolean {
    return ((this.#traits[node] as number) & Trait.regular) !== 0;
  }

  /** Whether it counts, outside of rules, intersections and complements. */
  isCounted(node: Node): boolean {
    return ((this.#traits[node] as number) & Trait.counted) !== 0;
  }

  /** What may follow the byte: `nothing` where the byte may not come. */
  derive(node: Node, byte: number): Node {
    return this.derivatives.derive(node, byte);
  }

  deriveToken(node: Node, id: number): Node {
    return this.derivatives.deriveToken(node, id);
  }

  deriveAll(node: Node, bytes: Uint8Array): Node {
    for (const byte of bytes) {
      if (node === this.nothing) break;
      node = this.derive(node, byte);
    }
    return node;
  }

  /** Whether the whole text belongs to it. */
  matches(node: Node, bytes: Uint8Array | string): boolean {
    const rest = this.deriveAll(node, typeof bytes === "string" ? encoder.encode(bytes) : bytes);
    return rest !== this.nothing && this.nullable(rest);
  }

  /** The bytes that may come next: bit `byte & 31` of word `byte >>> 5`, [8]. */
  first(node: Node): Uint32Array {
    return this.sets.copy(this.derivatives.first(node));
  }

  /** Special tokens that may come next. */
  firstTokens(node: Node): number[] {
    return this.#anyToken ? [...tokensAhead(this, node)] : [];
  }

  /** The labels on what may come next, outermost first. */
  sources(node: Node): Source[] {
    return [...labelsAhead(this, node)].map((label) => this.labels[label] as Source);
  }

  /** The labels on what takes the byte, outermost first. */
  sourcesTaking(node: Node, byte: number): Source[] {
    return [...labelsTaking(this, node, byte)].map((label) => this.labels[label] as Source);
  }

  /** Forgets what was worked out of nodes: rules have changed. */
  forget(): void {
    this.fronts.forget();
    this.derivatives.forget();
  }

  #needsRegular(node: Node): void {
    if (!this.isRegular(node)) {
      throw new CutawayError("not-regular", "Only parts without rules and special tokens can be intersected or complemented.", { kind: "internal" });
    }
  }

  #node(kind: number, a: number, b: number, c: number): Node {
    const node = this.nodes.intern(kind, a, b, c);
    if (node < this.#traits.length) return node;
    return this.#noted(node, this.#traitsOf(kind, a, b, c));
  }

  #traitsOf(kind: number, a: number, b: number, c: number): number {
    switch (kind) {
      case Kind.sequence:
        return together(this.#traits[a] as number, this.#traits[b] as number);
      case Kind.at:
        return this.#traits[b] as number;
      case Kind.repeat:
        return (this.#traits[a] as number) | (b > 1 || c > 1 ? Trait.counted : 0);
      case Kind.rule:
      case Kind.token:
        return 0;
      default:
        return Trait.regular;
    }
  }

  #noted(node: Node, traits: number): Node {
    if (node < this.#traits.length) return node;
    this.#traits.push(traits);
    if ((++this.#made & 1023) === 0) this.checkLimits();
    return node;
  }

  /** @throws `grammar-too-large` */
  checkLimits(): void {
    const { nodes, limits } = this;
    if (nodes.count > limits.nodes) throw tooLarge(`more than ${limits.nodes} expressions`, { nodes: nodes.count });
    const bytes = nodes.bytes + this.fronts.bytes + this.derivatives.bytes;
    if (bytes > limits.bytes) throw tooLarge(`more than ${Math.round(limits.bytes / 2 ** 20)} MB`, { bytes });
    if (this.#timed && performance.now() > this.#deadline) {
      throw tooLarge(`not compiled within ${limits.milliseconds} ms`, { milliseconds: limits.milliseconds });
    }
  }
}

const Trait = { regular: 1, counted: 2 } as const;

/** Regular where both are; counted where one is. */
const together = (x: number, y: number): number => (x & y & Trait.regular) | ((x | y) & Trait.counted);

const encoder = new TextEncoder();
/** Counts beyond this are without limit. */
const countLimit = 2 ** 30;
