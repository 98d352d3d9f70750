import { CutawayError } from "@cutaway/core";
import { ProbeLimit } from "../bpe/probe-limit.ts";

/** Pieces written into lists while the links are made; the published vocabularies stay below a fiftieth. */
const mostPops = 20_000_000;

/** Where a word begins, and where the rest of one does. */
export const START = 0;
export const CONTINUED = 1;
/** No node: nothing matches from here, and the whole word is unknown. */
export const NONE = -1;

/**
 * The vocabulary's pieces as a trie, with failure links: reading a word character by character yields its longest matches, without reading any
 * character twice. A node stands for the characters read since the last piece was certain. Where no child matches the next character,
 * the pieces of `pops` are certain, and reading goes on at `failure`.
 * source  Song et al. 2021, "Fast WordPiece Tokenization", arXiv 2012.15524, algorithms 1 and 2. Here words and their rests have a root each,
 * so that a word may begin with the characters of the prefix itself.
 */
export class PieceTrie {
  /** By node: the node after its pieces are certain; NONE where no sequence of pieces begins so. */
  readonly failure: Int32Array;
  /** The ids of `pops` of node n are those from popStarts[n] to popEnds[n]. */
  readonly pops: Int32Array;
  readonly popStarts: Int32Array;
  readonly popEnds: Int32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** Parent and symbol by node. */
  readonly #edges: Int32Array;

  /** `words` and `rests` hold symbols of 1 and above; rests are written without their prefix. `ids` begin with those of the words. */
  constructor(words: readonly Int32Array[], rests: readonly Int32Array[], ids: { words: readonly number[]; rests: readonly number[] }) {
    const most = 2 + [...words, ...rests].reduce((sum, piece) => sum + piece.length, 0);
    this.#edges = new Int32Array(2 * most).fill(-1);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, most * 2)));
    this.#slots = new Int32Array(slots);
    this.#mask = slots - 1;
    const tokens = new Int32Array(most).fill(-1);
    const probes = new ProbeLimit(most);
    let nodes = 2;
    const insert = (root: number, piece: Int32Array, id: number): void => {
      let node = root;
      for (const symbol of piece) {
        let child = this.child(node, symbol);
        if (child < 0) {
          child = nodes++;
          this.#edges[2 * child] = node;
          this.#edges[2 * child + 1] = symbol;
          let slot = hash(node, symbol) & this.#mask;
          while (this.#slots[slot] !== 0) {
            slot = (slot + 1) & this.#mask;
            probes.probe();
          }
          this.#slots[slot] = child;
        }
        node = child;
      }
      if (node !== root) tokens[node] = id;
    };
    // Rests first: a word's failure links lead to them.
    for (const [index, piece] of rests.entries()) insert(CONTINUED, piece, ids.rests[index] as number);
    const restNodes = nodes;
    for (const [index, piece] of words.entries()) insert(START, piece, ids.words[index] as number);
    const links = new Links(this, this.#edges, tokens.subarray(0, nodes), nodes);
    links.fill(CONTINUED, 2, restNodes);
    links.fill(START, restNodes, nodes);
    this.failure = links.failure;
    this.pops = links.takePops();
    this.popStarts = links.popStarts;
    this.popEnds = links.popEnds;
  }

  /** The node after `symbol`, or NONE. */
  child(node: number, symbol: number): number {
    let slot = hash(node, symbol) & this.#mask;
    for (;;) {
      const child = this.#slots[slot] as number;
      if (child === 0) return NONE;
      if (this.#edges[2 * child] === node && this.#edges[2 * child + 1] === symbol) return child;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function hash(node: number, symbol: number): number {
  const mixed = Math.imul(node ^ Math.imul(symbol, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

/** Failure links and their pieces, from the roots outwards. */
class Links {
  readonly failure: Int32Array;
  readonly popStarts: Int32Array;
  readonly popEnds: Int32Array;
  readonly #trie: Pick<PieceTrie, "child">;
  readonly #edges: Int32Array;
  readonly #tokens: Int32Array;
  #pops = new Int32Array(1024);
  #used = 0;
  #written = 0;

  constructor(trie: Pick<PieceTrie, "child">, edges: Int32Array, tokens: Int32Array, nodes: number) {
    this.#trie = trie;
    this.#edges = edges;
    this.#tokens = tokens;
    this.failure = new Int32Array(nodes).fill(NONE);
    this.popStarts = new Int32Array(nodes);
    this.popEnds = new Int32Array(nodes);
  }

  /** The nodes from `from` to `to`, which hang at `root`. By depth, because a link leads to a shallower node. */
  fill(root: number, from: number, to: number): void {
    for (const node of byDepth(this.#edges, root, from, to)) this.#link(node);
  }

  #link(node: number): void {
    const parent = this.#edges[2 * node] as number;
    const symbol = this.#edges[2 * node + 1] as number;
    const token = this.#tokens[node] as number;
    const start = this.#used;
    if (token >= 0) {
      this.#push(token);
      this.#end(node, start, CONTINUED);
      return;
    }
    let at = this.failure[parent] as number;
    if (at === NONE) return;
    this.#copy(parent);
    let child = this.#trie.child(at, symbol);
    while (child === NONE && at !== NONE) {
      this.#copy(at);
      at = this.failure[at] as number;
      if (at !== NONE) child = this.#trie.child(at, symbol);
    }
    if (at === NONE) this.#used = start;
    else this.#end(node, start, child);
  }

  #end(node: number, start: number, failure: number): void {
    this.popStarts[node] = start;
    this.popEnds[node] = this.#used;
    this.failure[node] = failure;
  }

  #copy(node: number): void {
    for (let pop = this.popStarts[node] as number; pop < (this.popEnds[node] as number); pop++) this.#push(this.#pops[pop] as number);
  }

  #push(id: number): void {
    if (this.#written++ === mostPops) {
      throw new CutawayError("bad-vocabulary", "this vocabulary is built to take time and memory without bound: it is not a real one", {
        fix: "Use the file as its author published it.",
      });
    }
    if (this.#used === this.#pops.length) {
      const larger = new Int32Array(2 * this.#used);
      larger.set(this.#pops);
      this.#pops = larger;
    }
    this.#pops[this.#used++] = id;
  }

  takePops(): Int32Array {
    return this.#pops.slice(0, this.#used);
  }
}

function byDepth(edges: Int32Array, root: number, from: number, to: number): Int32Array {
  const depths = new Int32Array(to - from);
  let deepest = 0;
  // Parents are made before their children.
  for (let node = from; node < to; node++) {
    const parent = edges[2 * node] as number;
    const depth = parent === root ? 1 : (depths[parent - from] as number) + 1;
    depths[node - from] = depth;
    deepest = Math.max(deepest, depth);
  }
  const places = new Int32Array(deepest + 2);
  for (const depth of depths) places[depth + 1] = (places[depth + 1] as number) + 1;
  for (let depth = 1; depth < places.length; depth++) places[depth] = (places[depth] as number) + (places[depth - 1] as number);
  const ordered = new Int32Array(to - from);
  for (let node = from; node < to; node++) {
    const depth = depths[node - from] as number;
    ordered[places[depth] as number] = node;
    places[depth] = (places[depth] as number) + 1;
  }
  return ordered;
}
