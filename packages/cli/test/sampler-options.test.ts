import { expect, test } from "vitest";
import { generationOptions } from "../src/generation-options.ts";
import { type ChoiceOptions, choiceOf } from "../src/local/sampler-options.ts";

/** For each option: what it needs beside it, how it is typed, and what becomes of it in the request. */
const table: Record<keyof ChoiceOptions, { beside?: ChoiceOptions; typed: string | string[]; becomes: object }> = {
  temperature: { typed: "0.7", becomes: { temperature: 0.7 } },
  topK: { typed: "40", becomes: { topK: 40 } },
  topP: { typed: "0.9", becomes: { topP: 0.9 } },
  minP: { typed: "0.05", becomes: { minP: 0.05 } },
  typicalP: { typed: "0.9", becomes: { typicalP: 0.9 } },
  topNSigma: { typed: "1.5", becomes: { topNSigma: 1.5 } },
  topH: { typed: "0.4", becomes: { topH: 0.4 } },
  epsilonCutoff: { typed: "0.001", becomes: { epsilonCutoff: 0.001 } },
  etaCutoff: { typed: "0.001", becomes: { etaCutoff: 0.001 } },
  xtcProbability: { typed: "0.5", becomes: { xtcProbability: 0.5 } },
  xtcThreshold: { beside: { xtcProbability: 0.5 }, typed: "0.2", becomes: { xtcThreshold: 0.2 } },
  mirostat: { typed: "2", becomes: { mirostat: 2 } },
  mirostatTau: { beside: { mirostat: 2 }, typed: "3", becomes: { mirostatTau: 3 } },
  mirostatEta: { beside: { mirostat: 2 }, typed: "0.2", becomes: { mirostatEta: 0.2 } },
  repetitionPenalty: { typed: "1.1", becomes: { repetitionPenalty: 1.1 } },
  frequencyPenalty: { typed: "-0.5", becomes: { frequencyPenalty: -0.5 } },
  presencePenalty: { typed: "0.5", becomes: { presencePenalty: 0.5 } },
  banNgram: { typed: "3", becomes: { noRepeatNgramSize: 3 } },
  dryMultiplier: { typed: "0.8", becomes: { dryMultiplier: 0.8 } },
  dryBase: { beside: { dryMultiplier: 0.8 }, typed: "2", becomes: { dryBase: 2 } },
  dryAllowedLength: { beside: { dryMultiplier: 0.8 }, typed: "3", becomes: { dryAllowedLength: 3 } },
  dryPenaltyLastN: { beside: { dryMultiplier: 0.8 }, typed: "64", becomes: { dryPenaltyLastN: 64 } },
  drySequenceBreaker: { beside: { dryMultiplier: 0.8 }, typed: ["\\n", ":"], becomes: { drySequenceBreakers: ["\n", ":"] } },
  logitBias: { typed: ["198=-5", "7=-inf"], becomes: { logitBias: { "7": -Infinity, "198": -5 } } },
  seed: { typed: "7", becomes: { seed: 7 } },
  repetitionWindow: { beside: { repetitionPenalty: 1.1 }, typed: "64", becomes: { repetitionWindow: 64 } },
  penaltyScope: { beside: { presencePenalty: 1 }, typed: "all", becomes: { penaltyScope: "all" } },
  samplerOrder: { beside: { temperature: 0.5, topP: 0.9 }, typed: "top_p,temperature", becomes: { samplerOrder: ["top_p", "temperature"] } },
  samplerPreset: { beside: { temperature: 0.5 }, typed: "vllm", becomes: { samplerPreset: "vllm" } },
  schedule: { typed: ["temperature=linear:1.2:0.2:50"], becomes: { schedules: { temperature: "linear:1.2:0.2:50" } } },
};

const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
const specOf = (name: string) => generationOptions.find(({ flags }) => flags.split(" ")[0] === flagOf(name));

test.each(Object.entries(table))("%s is an option of generate, and stands in the request", (name, { beside = {}, typed, becomes }) => {
  const spec = specOf(name);
  expect(spec, flagOf(name)).toBeDefined();
  expect(spec?.repeatable ?? false).toBe(Array.isArray(typed));
  const value = typeof typed === "string" && spec?.parse ? spec.parse(typed) : typed;
  const { parameters, local } = choiceOf({ ...beside, [name]: value });
  expect({ ...parameters, ...local }).toMatchObject(becomes);
  expect({ ...parameters, ...local }).not.toEqual({ ...choiceOf(beside).parameters, ...choiceOf(beside).local });
});

test.each<[string, ChoiceOptions]>([
  ["bad-option", { logitBias: ["cat=3"] }],
  ["bad-option", { logitBias: ["3=much"] }],
  ["invalid-parameter", { logitBias: ["3=inf"] }],
  ["bad-option", { schedule: ["temperature"] }],
  ["bad-option", { schedule: ["seed=constant:1"] }],
  ["invalid-schedule", { schedule: ["temperature=linear:hot"] }],
  ["option-without-effect", { dryBase: 2 }],
  ["option-without-effect", { temperature: 0, topP: 0.9 }],
])("%s: %j", (code, options) => {
  expect(() => choiceOf(options)).toThrow(expect.objectContaining({ code }));
});
