import {
  LogitsProcessorList,
  log_softmax,
  RepetitionPenaltyLogitsProcessor,
  softmax,
  TemperatureLogitsWarper,
  Tensor,
  topk,
} from "@huggingface/transformers";
import type { PeerAnswer } from "./peer-answer.ts";

const shared = { repetitionPenalty: 1.1, temperature: 0.8, topK: 40 };

/** Three tasks. transformers.js has no top-p (it is checked and ignored), no min-p and no reports: only what both do is compared. */
export function peerAnswers(vocabSize: number): Record<string, PeerAnswer> {
  const list = new LogitsProcessorList();
  list.push(new RepetitionPenaltyLogitsProcessor(1.1));
  list.push(new TemperatureLogitsWarper(0.8));
  // A copy, as ours leaves the model's logits as they are; the processors change them in place.
  const process = (logits: Float32Array, history: bigint[][]) => list(history, new Tensor("float32", logits.slice(), [1, vocabSize]));
  const draw = async (processed: Tensor, k: number) => {
    const [values, ids] = await topk(processed, k);
    const probabilities = softmax(values?.data as Float32Array) as Float32Array;
    const coin = Math.random();
    let sum = 0;
    const at = probabilities.findIndex((probability) => {
      sum += probability;
      return sum > coin;
    });
    return Number(ids?.data[Math.max(0, at)]);
  };
  const answers: Record<string, PeerAnswer> = {
    /** The token, as `generate` draws it with top_k 40. */
    token_only: {
      parameters: shared,
      isReported: false,
      choose: async (logits, history) => draw(process(logits, history), 40),
    },
    /** Also its log-probability before the stages, the entropy, and ten alternatives, which ours gives with every token. */
    same_answer: {
      parameters: shared,
      isReported: true,
      async choose(logits, history) {
        const logprobs = log_softmax(logits) as Float32Array;
        let entropy = 0;
        for (const logprob of logprobs) if (logprob > -Infinity) entropy -= Math.exp(logprob) * logprob;
        const [, alternatives] = await topk(new Tensor("float32", logits, [1, vocabSize]), 10);
        const id = await draw(process(logits, history), 40);
        return id + (logprobs[id] as number) + entropy + Number(alternatives?.data[0]);
      },
    },
    /** The token from the whole distribution (top_k 0): its sampler sorts the vocabulary. */
    whole: {
      parameters: { repetitionPenalty: 1.1, temperature: 0.8 },
      isReported: false,
      choose: async (logits, history) => draw(process(logits, history), vocabSize),
    },
  };
  return answers;
}
