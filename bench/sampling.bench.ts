import { type Random, seededRandom } from "@cutaway/core";
import { createSampler, type SamplerParameters } from "@cutaway/sampling";
import { spread } from "./measure.ts";
import type { BenchResult } from "./run.ts";

const pipelines: Record<string, SamplerParameters> = {
  full: { repetitionPenalty: 1.1, temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 },
  greedy: { temperature: 0 },
  none: {},
  top_p: { topP: 0.95 },
  flat_top_p: { temperature: 2, topP: 0.95 },
};

/** One choice over a large vocabulary with ten alternatives and the report of every stage, after a history of 1,000 tokens. */
export default async function samplingBench(): Promise<BenchResult> {
  const detail: Record<string, unknown> = { says: "wall time of one choice; full: every stage. Seeded logits: most far below a few likely tokens." };
  const medians: Record<string, number> = {};
  for (const [name, vocabSize] of Object.entries({ "49k": 49_152, "128k": 131_072, "256k": 262_144 })) {
    const random = seededRandom(vocabSize);
    const steps = Array.from({ length: 16 }, () => logitsOf(vocabSize, random));
    const history = Array.from({ length: 1000 }, () => Math.floor(random() * vocabSize));
    for (const [pipeline, parameters] of Object.entries(pipelines)) {
      const times = measured(parameters, steps, history);
      detail[`${pipeline}_${name}`] = times;
      medians[`${pipeline}_${name}`] = times.median;
    }
  }
  return { metrics: { pipeline_128k_ms: medians.full_128k as number, pipeline_256k_ms: medians.full_256k as number }, detail };
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
