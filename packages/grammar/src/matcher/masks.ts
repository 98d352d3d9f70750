import type { Expressions, Node } from "../expressions/index.ts";
import { Clamped } from "../expressions/rewrite.ts";
import { classCount, type TextClass, textClasses } from "../vocabulary/token-classes.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { type ClassMasks, classMasksOf } from "./class-masks.ts";
import { IdList } from "./id-list.ts";
import { LevelFinder, type Levels } from "./levels.ts";
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
  readonly #levels: LevelFinder;
  readonly #knownLevels = new Map<number, Levels>();
  readonly #walker: Walker;
  readonly #clamped: Clamped[];
  readonly #masks = new Map<Node, Uint32Array>();

  /** `keptFrom`: places a subtree must have for what is found there to be remembered; the masks are the same for every value. */
  constructor(expressions: Expressions, vocabulary: Vocabulary, keptFrom = worthKeeping) {
    this.#vocabulary = vocabulary;
    this.#classMasks = classMasksOf(vocabulary);
    this.#units = new Units(expressions);
    this.#levels = new LevelFinder(expressions);
    this.#walker = new Walker(expressions, vocabulary.tries, this.#units, keptFrom);
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

  /** Tokens below a place of the tries that may come, added to the list. */
  below(node: Node, place: number, tokens: IdList): void {
    this.#walker.below(node, place, { tokens });
  }

  #made(node: Node): Uint32Array {
    const { tries, twins } = this.#vocabulary;
    const upTo: number[] = [];
    const finds = { tokens: new IdList() };
    for (let kind = 0; kind < classCount; kind++) {
      const state = (this.#clamped[kind] as Clamped).of(node);
      const textClass = textClasses[kind];
      if (textClass) {
        const { allUpTo, noneFrom } = this.#levelsOf(state, kind, textClass);
        upTo.push(allUpTo);
        const longest = (this.#vocabulary.byLength[kind] as unknown[]).length - 1;
        if (allUpTo >= Math.min(longest, noneFrom - 1)) continue;
      }
      this.#walker.below(state, tries.roots[kind] as number, finds);
    }
    const mask = this.#classMasks.union(upTo).slice();
    const { tokens } = finds;
    for (let i = 0; i < tokens.count; i++) {
      const id = tokens.ids[i] as number;
      mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
    }
    for (const [id, twin] of twins)
      if (((mask[id >>> 5] as number) >>> (id & 31)) & 1) mask[twin >>> 5] = (mask[twin >>> 5] as number) | (1 << (twin & 31));
    return mask;
  }

  #levelsOf(state: Node, kind: number, textClass: TextClass): Levels {
    const unit = this.#units.cut(state)?.unit ?? state;
    const key = unit * textClasses.length + kind;
    let levels = this.#knownLevels.get(key);
    if (!levels) {
      levels = this.#levels.levels(unit, textClass, (this.#vocabulary.byLength[kind] as unknown[]).length - 1);
      this.#knownLevels.set(key, levels);
    }
    return levels;
  }
}
