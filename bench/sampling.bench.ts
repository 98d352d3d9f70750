import { type Random, seededRandom } from "@cutaway/core";
import { createSampler, type SamplerParameters } from "@cutaway/sampling";
import { peerVersion, spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";

const pipelines: Record<string, SamplerParameters> = {
  full: { repetitionPenalty: 1.1, temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 },
  all: {
    logitBias: { 17: 1 },
    repetitionPenalty: 1.1,
    frequencyPenalty: 0.2,
    presencePenalty: 0.2,
    dryMultiplier: 0.8,
    noRepeatNgramSize: 3,
    temperature: 0.8,
    topNSigma: 2,
    topK: 200,
    topP: 0.95,
    minP: 0.01,
    typicalP: 0.95,
    xtcProbability: 0.5,
  },
  greedy: { temperature: 0 },
  none: {},
  top_p: { topP: 0.95 },
  flat_top_p: { temperature: 2, topP: 0.95 },
  typical_p: { typicalP: 0.9 },
  shared: { repetitionPenalty: 1.1, temperature: 0.8, topK: 40 },
};
const sizes = { "49k": 49_152, "128k": 131_072, "256k": 262_144 };

/** One choice over a large vocabulary with ten alternatives and the report of every stage, after a history of 1,000 tokens. */
export default async function samplingBench(): Promise<BenchResult> {
  const peer = await import("@huggingface/transformers");
  const detail: Record<string, unknown> = {
    says: "wall time of one choice; full: the stages of before, all: most of those there are. Seeded logits: most far below a few likely tokens.",
    peer: `transformers.js ${peerVersion("@huggingface/transformers")}, its processors and functions, in turns with ours`,
  };
  const medians: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const [name, vocabSize] of Object.entries(sizes)) {
    const random = seededRandom(vocabSize);
    const steps = Array.from({ length: 16 }, () => logitsOf(vocabSize, random));
    const history = Array.from({ length: 1000 }, () => Math.floor(random() * vocabSize));
    for (const [pipeline, parameters] of Object.entries(pipelines)) {
      const times = measured(parameters, steps, history);
      detail[`${pipeline}_${name}`] = times;
      medians[`${pipeline}_${name}`] = times.median;
    }
    for (const [what, answer] of Object.entries(peerAnswers(peer, vocabSize))) {
      const times = await against(answer, steps, history, what === "whole" ? 24 : 100);
      detail[`peer_${what}_${name}`] = times;
      ratios[`peer_${what}_${name}_ratio`] = times.ratio;
    }
  }
  return {
    metrics: {
      pipeline_128k_ms: medians.full_128k as number,
      pipeline_256k_ms: medians.full_256k as number,
      peer_same_answer_128k_ratio: ratios.peer_same_answer_128k_ratio as number,
      peer_token_only_128k_ratio: ratios.peer_token_only_128k_ratio as number,
      peer_whole_128k_ratio: ratios.peer_whole_128k_ratio as number,
    },
    detail,
  };
}

type Peer = typeof import("@huggingface/transformers");
interface PeerAnswer {
  parameters: SamplerParameters;
  choose(logits: Float32Array, history: bigint[][]): Promise<number>;
}

/** Three tasks. transformers.js has no top-p (it is checked and ignored), no min-p and no reports: only what both do is compared. */
function peerAnswers(
  { LogitsProcessorList, RepetitionPenaltyLogitsProcessor, TemperatureLogitsWarper, Tensor, topk, softmax, log_softmax }: Peer,
  vocabSize: number,
) {
  const list = new LogitsProcessorList();
  list.push(new RepetitionPenaltyLogitsProcessor(1.1));
  list.push(new TemperatureLogitsWarper(0.8));
  // A copy, as ours leaves the model's logits as they are; the processors change them in place.
  const process = (logits: Float32Array, history: bigint[][]) => list(history, new Tensor("float32", logits.slice(), [1, vocabSize]));
  const draw = async (processed: InstanceType<Peer["Tensor"]>, k: number) => {
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
      parameters: pipelines.shared as SamplerParameters,
      choose: async (logits, history) => draw(process(logits, history), 40),
    },
    /** Also its log-probability before the stages, the entropy, and ten alternatives, which ours gives with every token. */
    same_answer: {
      parameters: pipelines.shared as SamplerParameters,
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
      choose: async (logits, history) => draw(process(logits, history), vocabSize),
    },
  };
  return answers;
}

/** In turns, so that both meet the machine as it is. */
async function against({ parameters, choose }: PeerAnswer, steps: Float32Array[], history: number[], runs: number) {
  const sampler = createSampler(parameters);
  const random = seededRandom(1);
  const theirHistory = [history.map(BigInt)];
  const ours: number[] = [];
  const theirs: number[] = [];
  let drawn = 0;
  for (let i = 0; i < runs; i++) {
    const logits = steps[i % steps.length] as Float32Array;
    let start = performance.now();
    drawn += sampler.choose(logits, history, random, 10).id;
    ours.push(performance.now() - start);
    start = performance.now();
    drawn += await choose(logits, theirHistory);
    theirs.push(performance.now() - start);
  }
  const warm = Math.floor(runs / 3);
  const [own, peer] = [spread(ours.slice(warm)), spread(theirs.slice(warm))];
  return { ours: own, theirs: peer, ratio: peer.median / own.median, drawn };
}

function measured(parameters: SamplerParameters, steps: Float32Array[], history: number[]) {
  const sampler = createSampler(parameters);
  const random = seededRandom(1);
  const times: number[] = [];
  let drawn = 0;
  for (let i = 0; i < 140; i++) {
    const start = performance.now();
    drawn += sampler.choose(steps[i % steps.length] as Float32Array, history, random, 10).id;
    times.push(performance.now() - start);
  }
  return { ...spread(times.slice(60)), drawn };
}

function logitsOf(vocabSize: number, random: Random): Float32Array {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const logits = Float32Array.from({ length: vocabSize }, () => normal() * 2.5 - 2);
  for (let i = 0; i < 30; i++) logits[Math.floor(random() * vocabSize)] = 8 + normal() * 4;
  return logits;
}
