import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { breakerTokens, createSampler, processLogits, type SamplerOptions, type SamplerParameters } from "../src/index.ts";

type Scores = (number | null)[];
interface Golden {
  inputs: Record<string, Scores>;
  mirostatInputs: Record<string, number[]>;
  cases: { input: string; stage: string; setting: unknown; history: number[]; after: Scores }[];
  pipelines: { input: string; history: number[]; after: Scores; parameters: SamplerParameters }[];
  mirostat: { version: 1 | 2; tau: number; eta: number; steps: { seed: number; kept: number[]; drawn: number }[] }[];
  dry: {
    settings: [multiplier: number, base: number, allowed: number, window: number];
    breakers: string[];
    tails: Record<string, number[]>;
    texts: Record<string, string>;
    history: number[];
    lowered: Record<string, number>;
  }[];
}

const golden = JSON.parse(readFileSync(new URL("./fixtures/llama-cpp.json", import.meta.url), "utf8")) as Golden;
const inputOf = (name: string) => Float32Array.from(golden.inputs[name] as Scores, (logit) => logit ?? -Infinity);

function asked(stage: string, setting: unknown): { parameters: SamplerParameters; options: SamplerOptions } {
  const simple: Record<string, keyof SamplerParameters> = {
    top_k: "topK",
    top_p: "topP",
    min_p: "minP",
    typical_p: "typicalP",
    temperature: "temperature",
    top_n_sigma: "topNSigma",
    logit_bias: "logitBias",
  };
  const name = simple[stage];
  if (name) return { parameters: { [name]: setting }, options: { preset: "llama.cpp" } };
  if (stage === "xtc") return { parameters: { xtcProbability: 1, xtcThreshold: setting as number }, options: { preset: "llama.cpp" } };
  if (stage === "schedule") return { parameters: {}, options: { preset: "llama.cpp", schedules: { temperature: setting as string } } };
  const [repetitionWindow, repetitionPenalty, frequencyPenalty, presencePenalty] = setting as [number, number, number, number];
  return { parameters: { repetitionPenalty, frequencyPenalty, presencePenalty }, options: { preset: "llama.cpp", repetitionWindow } };
}

const named = golden.cases.map((item) => ({ ...item, name: `${item.input}: ${item.stage} ${JSON.stringify(item.setting)}` }));

test.each(named)("$name", ({ input, stage, setting, history, after }) => {
  const { parameters, options } = asked(stage, setting);
  agree(processLogits(inputOf(input), history, parameters, options), after);
});

test.each(golden.pipelines)("the whole order of llama.cpp: $input", ({ input, history, parameters, after }) => {
  agree(processLogits(inputOf(input), history, parameters, { preset: "llama.cpp" }), after);
});

test.each(golden.mirostat)("mirostat $version, tau $tau, eta $eta, over eight tokens", ({ version, tau, eta, steps }) => {
  const sampler = createSampler({ mirostat: version, mirostatTau: tau, mirostatEta: eta }, { preset: "llama.cpp" });
  for (const { seed, kept, drawn } of steps) {
    const logits = Float32Array.from(golden.mirostatInputs[seed] as number[]);
    // Drawn as there: with the number that falls on its token.
    const weight = (id: number) => Math.exp(logits[id] as number);
    const sum = kept.reduce((total, id) => total + weight(id), 0);
    const coin = (kept.filter((id) => id < drawn).reduce((total, id) => total + weight(id), 0) + weight(drawn) / 2) / sum;
    const choice = sampler.choose(logits, [], () => coin, 0);
    expect(choice.stages[0]?.kept).toBe(kept.length);
    expect(choice.id).toBe(drawn);
  }
});

test.each(golden.dry)("dry $settings, breakers $breakers", ({ settings, breakers, tails, texts, history, lowered }) => {
  const [dryMultiplier, dryBase, dryAllowedLength, dryPenaltyLastN] = settings;
  const vocabSize = Math.max(...history) + 1;
  const dryBreakers = breakerTokens(
    breakers,
    vocabSize,
    (id) => texts[id] ?? "",
    (text) => tails[text] as number[],
  );
  const given = new Float32Array(vocabSize);
  const ours = processLogits(given, history, { dryMultiplier, dryBase, dryAllowedLength, dryPenaltyLastN }, { preset: "llama.cpp", dryBreakers });
  const changed = [...ours.keys()].filter((id) => ours[id] !== 0);
  expect(changed.map(String)).toEqual(Object.keys(lowered));
  for (const id of changed) expect(Math.abs(-(ours[id] as number) / (lowered[id] as number) - 1)).toBeLessThan(1e-5);
});

function agree(ours: Float32Array, theirs: Scores) {
  const kept = (scores: ArrayLike<number>) => Array.from(scores, (score, id) => (score > -Infinity ? id : -1)).filter((id) => id >= 0);
  expect(kept(ours)).toEqual(kept(theirs.map((score) => score ?? -Infinity)));
  for (const [id, score] of theirs.entries()) {
    if (score !== null) expect(Math.abs((ours[id] as number) - score)).toBeLessThanOrEqual(3e-6 * Math.max(1, Math.abs(score)));
  }
}
