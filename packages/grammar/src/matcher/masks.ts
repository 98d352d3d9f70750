import type { Expressions, Node } from "../expressions/index.ts";
import { Clamped } from "../expressions/rewrite.ts";
import { classCount, textClasses } from "../vocabulary/token-classes.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { type ClassMasks, classMasksOf } from "./class-masks.ts";
import { Levels } from "./levels.ts";
import { Runs } from "./runs.ts";
import { Units } from "./units.ts";
import { Walker, worthKeeping } from "./walker.ts";

/** Bytes of finished masks and of walks that are remembered for one grammar. */
const mostBytes = 12 * 2 ** 20;

/**
 * Which tokens may come in a state. Text classes are decided as a whole where that can be; of the others the trie is walked. All of a state's parts that were
 * met before, at whatever depth, are remembered.
 */
export class Masks {
  readonly #vocabulary: Vocabulary;
  readonly #classMasks: ClassMasks;
  readonly #units: Units;
  readonly #levels: Levels;
  readonly #runs = new Runs();
  readonly #walker: Walker;
  readonly #clamped: Clamped[];
  readonly #masks = new Map<Node, Uint32Array>();

  /** `keptFrom`: places a subtree must have for what is found there to be remembered; the masks are the same for every value. */
  constructor(expressions: Expressions, vocabulary: Vocabulary, keptFrom = worthKeeping) {
    this.#vocabulary = vocabulary;
    this.#classMasks = classMasksOf(vocabulary);
    this.#units = new Units(expressions);
    this.#levels = new Levels(expressions);
    this.#walker = new Walker(expressions, vocabulary.tries, this.#units, this.#levels, keptFrom);
    const byMost = new Map<number, Clamped>();
    this.#clamped = Array.from(vocabulary.tries.longest, (longest) => {
      const clamped = byMost.get(longest) ?? new Clamped(expressions, longest);
      byMost.set(longest, clamped);
      return clamped;
    });
  }

  /** Tokens of text that may come in a state without labels. Not to be changed. */
  of(node: Node): Uint32Array {
    let mask = this.#masks.get(node);
    if (!mask) {
      mask = this.#made(node);
      if (4 * mask.length * (this.#masks.size + 1) > mostBytes) this.#masks.delete(this.#masks.keys().next().value as Node);
      if (this.#walker.bytes > mostBytes) this.#walker.forget();
      this.#masks.set(node, mask);
    }
    return mask;
  }

  /** Tokens below a place of the tries that may come, as runs of `order`. */
  below(node: Node, place: number, kind: number, tokens: Runs): void {
    this.#walker.below(node, place, kind, { tokens });
  }

  #made(node: Node): Uint32Array {
    const { tries, twins, byLength } = this.#vocabulary;
    const upTo: number[] = [];
    const runs = this.#runs;
    runs.clear();
    const missing: [from: number, to: number][] = [];
    for (let kind = 0; kind < classCount; kind++) {
      const state = (this.#clamped[kind] as Clamped).of(node);
      if (kind < textClasses.length) {
        const longest = (byLength[kind] as unknown[]).length - 1;
        const { allUpTo, noneFrom } = this.#levels.of(this.#units.cut(state)?.unit ?? state, kind, longest);
        upTo.push(allUpTo);
        if (allUpTo >= Math.min(longest, noneFrom - 1)) continue;
      }
      const before = runs.count;
      const root = tries.roots[kind] as number;
      this.#walker.below(state, root, kind, { tokens: runs });
      if (kind >= textClasses.length) continue;
      // Where most of a class may come, what is missing is taken out instead.
      const gaps = gapsBetween(runs.ends.subarray(before, runs.count), tries.rank[root] as number, tries.rank[tries.end[root] as number] as number);
      if (!gaps) continue;
      upTo[kind] = Number.POSITIVE_INFINITY;
      missing.push(...gaps);
      runs.count = before;
    }
    const mask = this.#classMasks.union(upTo).slice();
    const { order } = tries;
    for (const [from, to] of missing) {
      for (let i = from; i < to; i++) {
        const id = order[i] as number;
        mask[id >>> 5] = (mask[id >>> 5] as number) & ~(1 << (id & 31));
      }
    }
    for (let r = 0; r < runs.count; r += 2) {
      const to = runs.ends[r + 1] as number;
      for (let i = runs.ends[r] as number; i < to; i++) {
        const id = order[i] as number;
        mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
      }
    }
    for (const [id, twin] of twins) {
      if (((mask[id >>> 5] as number) >>> (id & 31)) & 1) mask[twin >>> 5] = (mask[twin >>> 5] as number) | (1 << (twin & 31));
      else mask[twin >>> 5] = (mask[twin >>> 5] as number) & ~(1 << (twin & 31));
    }
    return mask;
  }
}

/** The gaps that runs leave within from..to, where they cover more than half of it; the runs may overlap and stand in any order. */
function gapsBetween(ends: Int32Array, from: number, to: number): [from: number, to: number][] | undefined {
  let covered = 0;
  for (let r = 0; r < ends.length; r += 2) covered += (ends[r + 1] as number) - (ends[r] as number);
  if (2 * covered < to - from) return undefined;
  const runs = Array.from({ length: ends.length / 2 }, (_, r): [number, number] => [ends[2 * r] as number, ends[2 * r + 1] as number]);
  runs.sort((x, y) => x[0] - y[0]);
  const gaps: [number, number][] = [];
  let at = from;
  for (const [start, end] of runs) {
    if (start > at) gaps.push([at, start]);
    at = Math.max(at, end);
  }
  if (at < to) gaps.push([at, to]);
  return gaps;
}
