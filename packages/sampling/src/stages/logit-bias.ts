import { CutawayError } from "@cutaway/core";
import { changeScores } from "../change-scores.ts";
import type { Stage } from "../stage.ts";

/**
 * Adds a number to the logits of some tokens, by id; -Infinity takes one out, and so does -100 in effect.
 * source  OpenAI API reference, "logit_bias"; `SequenceBiasLogitsProcessor` of transformers with sequences of one token
 */
export function logitBias(biases: Readonly<Record<string, number>>): Stage {
  const ids = Object.keys(biases).map(Number);
  const amounts = Object.values(biases).map(Math.fround);
  const last = Math.max(...ids);
  return {
    name: "logit_bias",
    setting: ids.length,
    apply(distribution, { vocabSize }) {
      if (last >= vocabSize) {
        throw new CutawayError("invalid-parameter", `logit_bias: there is no token ${last} among ${vocabSize}`, {
          data: { parameter: "logit_bias", value: last },
          fix: "Give ids of the model's own tokenizer.",
        });
      }
      return changeScores(distribution, ids, (score, i) => score + (amounts[i] as number), "logit_bias");
    },
  };
}
