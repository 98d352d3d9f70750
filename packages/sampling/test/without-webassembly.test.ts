import { seededRandom } from "@cutaway/core";
import { expect, test, vi } from "vitest";
import { createSampler, processLogits, type SamplerParameters } from "../src/index.ts";

const size = 9001;
const random = seededRandom(4);
const logits = Float32Array.from({ length: size }, () => (random() < 0.1 ? -Infinity : 14 * (random() + random() + random() - 1.5)));
const history = Array.from({ length: 300 }, () => Math.floor(random() * size));
const mask = Uint32Array.from({ length: Math.ceil(size / 32) }, () => Math.floor(random() * 2 ** 32));

const pipelines: SamplerParameters[] = [
  { repetitionPenalty: 1.2, temperature: 0.7, topK: 300, topP: 0.95, minP: 0.001 },
  { temperature: 3, topP: 0.97 },
  { typicalP: 0.8, etaCutoff: 0.001 },
  { topNSigma: 1.3, frequencyPenalty: 0.4 },
  { temperature: 0 },
];

test("a page that forbids WebAssembly gets the same, by script", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const script = await import("../src/index.ts");
  for (const parameters of pipelines) {
    const step = { mask, answerStart: 100 };
    const theirs = script.processLogits(logits, history, parameters, { grammar: true }, step);
    expect(script.processLogits).not.toBe(processLogits);
    const ours = processLogits(logits, history, parameters, { grammar: true }, step);
    expect([...theirs.keys()].filter((id) => theirs[id] !== ours[id]).length).toBeLessThanOrEqual(1);
    const options = { grammar: true };
    const slow = script.createSampler(parameters, options).choose(logits, history, seededRandom(1), 20, step);
    const fast = createSampler(parameters, options).choose(logits, history, seededRandom(1), 20, step);
    expect(slow.id).toBe(fast.id);
    expect(slow.top.map(({ id }) => id)).toEqual(fast.top.map(({ id }) => id));
    expect(slow.logprob).toBeCloseTo(fast.logprob, 6);
    expect(slow.entropy).toBeCloseTo(fast.entropy, 6);
    for (const [i, stage] of slow.stages.entries()) {
      expect(Math.abs(stage.kept - (fast.stages[i]?.kept ?? 0))).toBeLessThanOrEqual(1);
      expect(stage.kl).toBeCloseTo(fast.stages[i]?.kl ?? Number.NaN, 5);
    }
  }
  vi.unstubAllGlobals();
});
