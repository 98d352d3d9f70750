import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/** Masks of whole text classes up to a length, and of several together. Made when first asked for, shared by all grammars of the vocabulary. */
export class ClassMasks {
  readonly #vocabulary: Vocabulary;
  readonly #known = new Map<string, Uint32Array>();

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /** Tokens of each class with up to so many characters, [classes]. Not to be changed. */
  union(upTo: readonly number[]): Uint32Array {
    const { byLength, words } = this.#vocabulary;
    const limits = upTo.map((limit, kind) => Math.min(limit, (byLength[kind] as unknown[]).length - 1));
    const key = limits.join();
    let mask = this.#known.get(key);
    if (!mask) {
      mask = new Uint32Array(words);
      for (const [kind, limit] of limits.entries()) {
        for (let length = 1; length <= limit; length++) {
          for (const id of byLength[kind]?.[length] ?? []) mask[id >>> 5] = (mask[id >>> 5] as number) | (1 << (id & 31));
        }
      }
      if (this.#known.size >= mostKept) this.#known.delete(this.#known.keys().next().value as string);
      this.#known.set(key, mask);
    }
    return mask;
  }
}

const mostKept = 256;
const masks = new WeakMap<Vocabulary, ClassMasks>();

export function classMasksOf(vocabulary: Vocabulary): ClassMasks {
  let found = masks.get(vocabulary);
  if (!found) {
    found = new ClassMasks(vocabulary);
    masks.set(vocabulary, found);
  }
  return found;
}
