import { type Random, seededRandom } from "@cutaway/core";
import { createSampler, type SamplerParameters } from "@cutaway/sampling";
import { peerVersion, spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";
import type { PeerAnswer } from "./sampling/peer-answer.ts";

/** By a name that the compiler does not follow: the peer is installed when a bench first runs. */
const peerModule: string = "./sampling/transformers.ts";

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
};
const sizes = { "49k": 49_152, "128k": 131_072, "256k": 262_144 };

/** One choice over a large vocabulary with ten alternatives and the report of every stage, after a history of 1,000 tokens. */
export default async function samplingBench(): Promise<BenchResult> {
  const { peerAnswers } = (await import(peerModule)) as { peerAnswers(vocabSize: number): Record<string, PeerAnswer> };
  const detail: Record<string, unknown> = {
    says: "wall time of one choice; pick: of the token alone; full: the stages of before, all: most of those there are. Seeded logits: most far below a few likely tokens.",
    peer: `transformers.js ${peerVersion("@huggingface/transformers")}, its processors and functions, in turns with ours`,
  };
  const medians: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const [name, vocabSize] of Object.entries(sizes)) {
    const random = seededRandom(vocabSize);
    const steps = Array.from({ length: 16 }, () => logitsOf(vocabSize, random));
    const history = Array.from({ length: 1000 }, () => Math.floor(random() * vocabSize));
    for (const [pipeline, parameters] of Object.entries(pipelines)) {
      const { choose, pick } = measured(parameters, steps, history);
      detail[`${pipeline}_${name}`] = choose;
      detail[`${pipeline}_pick_${name}`] = pick;
      medians[`${pipeline}_${name}`] = choose.median;
    }
    for (const [what, answer] of Object.entries(peerAnswers(vocabSize))) {
      const times = await against(answer, steps, history, what === "whole" ? 24 : 100);
      detail[`peer_${what}_${name}`] = times;
      ratios[`peer_${what}_${name}_ratio`] = times.ratio;
    }
  }
  return {
    metrics: {
      pipeline_128k_ms: medians.full_128k as number,
      pipeline_256k_ms: medians.full_256k as number,
      vs_transformersjs: ratios.peer_same_answer_128k_ratio as number,
      peer_same_answer_128k_ratio: ratios.peer_same_answer_128k_ratio as number,
      peer_token_only_128k_ratio: ratios.peer_token_only_128k_ratio as number,
      peer_whole_128k_ratio: ratios.peer_whole_128k_ratio as number,
    },
    detail,
  };
}

/** In turns, so that both meet the machine as it is. */
async function against({ parameters, isReported, choose }: PeerAnswer, steps: Float32Array[], history: number[], runs: number) {
  const sampler = createSampler(parameters);
  const random = seededRandom(1);
  const theirHistory = [history.map(BigInt)];
  const ours: number[] = [];
  const theirs: number[] = [];
  let drawn = 0;
  for (let i = 0; i < runs; i++) {
    const logits = steps[i % steps.length] as Float32Array;
    let start = performance.now();
    drawn += isReported ? sampler.choose(logits, history, random, 10).id : sampler.pick(logits, history, random);
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
  const times = { choose: [] as number[], pick: [] as number[] };
  let drawn = 0;
  for (let i = 0; i < 140; i++) {
    const logits = steps[i % steps.length] as Float32Array;
    let start = performance.now();
    drawn += sampler.choose(logits, history, random, 10).id;
    times.choose.push(performance.now() - start);
    start = performance.now();
    drawn += sampler.pick(logits, history, random);
    times.pick.push(performance.now() - start);
  }
  return { choose: { ...spread(times.choose.slice(60)), drawn }, pick: spread(times.pick.slice(60)) };
}

function logitsOf(vocabSize: number, random: Random): Float32Array {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const logits = Float32Array.from({ length: vocabSize }, () => normal() * 2.5 - 2);
  for (let i = 0; i < 30; i++) logits[Math.floor(random() * vocabSize)] = 8 + normal() * 4;
  return logits;
}
