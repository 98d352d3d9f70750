import { CutawayError } from "@cutaway/core";
import { type Distribution, filter, keepOnly } from "../distribution.ts";
import type { Stage } from "../stage.ts";

/**
 * Leaves the tokens that the grammar allows at this step. What was taken out is shared by the others as they stood to one another: masking is not
 * the model's distribution under the condition that the whole answer is of the language.
 */
export function grammar(): Stage {
  return {
    name: "grammar",
    setting: 1,
    apply(distribution, { mask, vocabSize }) {
      if (!mask) {
        throw new CutawayError("no-mask", "the sampler was made for a grammar, and this step came without a mask", {
          kind: "internal",
          fix: "Give the step the mask of its constraint.",
        });
      }
      if (distribution.ids) return filter(distribution, (id) => (((mask[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1, "grammar");
      return keepOnly(distribution, gather(distribution, mask, vocabSize), "grammar");
    },
  };
}

/** By words of the mask, of which most are empty or full. Tokens that the mask does not reach are not allowed. */
function gather({ arena, scores }: Distribution, mask: Uint32Array, vocabSize: number): number {
  const { ids } = arena;
  let kept = 0;
  for (let word = 0; word < mask.length && word << 5 < vocabSize; word++) {
    let bits = mask[word] as number;
    while (bits !== 0) {
      const id = (word << 5) + 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      if (id >= vocabSize) break;
      ids[kept] = id;
      scores[kept++] = scores[id] as number;
    }
  }
  return kept;
}
