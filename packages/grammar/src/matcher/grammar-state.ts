import { type Constraint, CutawayError } from "@cutaway/core";
import { leastByte } from "../expressions/byte-sets.ts";
import type { Node } from "../expressions/index.ts";
import { tokenBytes } from "../vocabulary/vocabulary.ts";
import { type Expected, expectedAt } from "./expected.ts";
import { explainToken, type TokenExplanation } from "./explain.ts";
import type { Grammar } from "./grammar.ts";

/** How a state came to be: from the grammar's beginning, or by a token after another state. */
type Origin = { labelled: Node } | { before: GrammarState; id: number };

/** Where an answer stands in its grammar. A value: it never changes, and costs nothing to keep. */
export class GrammarState implements Constraint {
  readonly grammar: Grammar;
  /** What may follow, without labels. */
  readonly node: Node;
  /** An end token was taken: nothing but another one may come. */
  readonly ended: boolean;
  readonly #origin: Origin;
  #labelled: Node | undefined;
  #mask: Uint32Array | undefined;

  constructor(grammar: Grammar, node: Node, origin: Origin, ended = false) {
    this.grammar = grammar;
    this.node = node;
    this.ended = ended;
    this.#origin = origin;
    if ("labelled" in origin) this.#labelled = origin.labelled;
  }

  get complete(): boolean {
    return this.grammar.expressions.nullable(this.node);
  }

  /** The answer is whole and nothing but its end may come. */
  get finished(): boolean {
    const { expressions } = this.grammar;
    return this.complete && leastByte(expressions.first(this.node)) < 0 && expressions.firstTokens(this.node).length === 0;
  }

  /** @throws `no-token-fits` where the vocabulary has no token for what would have to follow, so that it is never taken for "anything". */
  mask(): Uint32Array {
    this.#mask ??= this.#makeMask();
    return this.#mask;
  }

  #makeMask(): Uint32Array {
    const { expressions, masks, ends, words } = this.grammar;
    const text = masks.of(this.node);
    const special = expressions.firstTokens(this.node);
    const { complete } = this;
    let mask = text;
    if (words > text.length || special.length > 0 || (complete && ends.length > 0)) {
      mask = new Uint32Array(words);
      mask.set(text);
      for (const id of special) setBit(mask, id);
      if (complete) for (const id of ends) setBit(mask, id);
    }
    if (!complete && mask.every((word) => word === 0)) {
      throw new CutawayError("no-token-fits", "No token of the vocabulary begins what the grammar asks for here.", {
        data: { expected: this.expected().bytes },
        fix: "Use a tokenizer that has tokens for single bytes, or a grammar within what its tokens can say.",
      });
    }
    return mask;
  }

  /** @throws `token-not-allowed` */
  accept(id: number): GrammarState {
    const next = this.#after(id);
    if (next) return next;
    const why = this.explain(id);
    throw new CutawayError("token-not-allowed", `Token ${id} cannot come here: ${why.says}.`, {
      data: { id, dead: why.dead?.index, nearest: why.nearest?.id },
    });
  }

  /** Whether `accept` would take it, without the whole mask. */
  allows(id: number): boolean {
    return this.#after(id) !== undefined;
  }

  #after(id: number): GrammarState | undefined {
    const { expressions, vocabulary, ends } = this.grammar;
    const origin = { before: this, id };
    if (ends.includes(id) && this.complete) return new GrammarState(this.grammar, expressions.empty, origin, true);
    const next = vocabulary.isText[id] ? expressions.deriveAll(this.node, tokenBytes(vocabulary, id)) : expressions.deriveToken(this.node, id);
    return next === expressions.nothing ? undefined : new GrammarState(this.grammar, next, origin);
  }

  /** The state after bytes that no token was chosen for; `undefined` where they may not come. */
  afterBytes(bytes: Uint8Array): GrammarState | undefined {
    const { expressions } = this.grammar;
    const next = expressions.deriveAll(this.node, bytes);
    if (next === expressions.nothing) return undefined;
    return new GrammarState(this.grammar, next, { labelled: expressions.deriveAll(this.labelled, bytes) });
  }

  /** At most 4,096. */
  forcedBytes(): Uint8Array {
    const { expressions } = this.grammar;
    const forced: number[] = [];
    let { node } = this;
    while (forced.length < mostForced && !expressions.nullable(node) && expressions.firstTokens(node).length === 0) {
      const first = expressions.first(node);
      const byte = leastByte(first);
      first[byte >>> 5] = (first[byte >>> 5] as number) & ~(1 << (byte & 31));
      if (byte < 0 || leastByte(first) >= 0) break;
      forced.push(byte);
      node = expressions.derive(node, byte);
    }
    return Uint8Array.from(forced);
  }

  /** What may come next as bytes and special tokens, and where in the grammar that is said. */
  expected(): Expected {
    return expectedAt(this.grammar.expressions, this.labelled);
  }

  /** Why a token may come here, or may not. */
  explain(id: number): TokenExplanation {
    return explainToken(this, id);
  }

  /** The node with its labels: worked out from the tokens taken, when first asked for. */
  get labelled(): Node {
    const chain: GrammarState[] = [];
    let state: GrammarState = this;
    while (state.#labelled === undefined && "before" in state.#origin) {
      chain.push(state);
      state = state.#origin.before;
    }
    const { expressions, vocabulary } = this.grammar;
    let node = state.#labelled as Node;
    for (const one of chain.reverse()) {
      const { id } = one.#origin as { id: number };
      if (one.ended) node = expressions.empty;
      else node = vocabulary.isText[id] ? expressions.deriveAll(node, tokenBytes(vocabulary, id)) : expressions.deriveToken(node, id);
      one.#labelled = node;
    }
    return node;
  }
}

const mostForced = 4096;

const setBit = (mask: Uint32Array, id: number): void => {
  mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
};
