import { CutawayError, type Parameters } from "@cutaway/core";
import type { StageName } from "./stage.ts";

/** The parameters of a request that choose the next token. A whole `Parameters` fits: the rest is not looked at. */
export type SamplerParameters = Pick<
  Parameters,
  "temperature" | "topK" | "topP" | "minP" | "repetitionPenalty" | "seed" | "frequencyPenalty" | "presencePenalty" | "logitBias"
>;

export type SamplerParameter = keyof SamplerParameters;

/** The one map between the spelling in code and in files, messages and reports. */
export const parameterNames: Record<SamplerParameter, string> = {
  temperature: "temperature",
  topK: "top_k",
  topP: "top_p",
  minP: "min_p",
  repetitionPenalty: "repetition_penalty",
  seed: "seed",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  logitBias: "logit_bias",
};

export const parameterOf: Record<StageName, Exclude<SamplerParameter, "seed" | "frequencyPenalty" | "presencePenalty" | "logitBias">> = {
  repetition_penalty: "repetitionPenalty",
  temperature: "temperature",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
};

/** Values that say "off": they may be stated, and no stage runs for them. */
const neutral: Partial<Record<SamplerParameter, number>> = {
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
};

const between = (low: number, high: number) => (value: number) => value >= low && value <= high;

/** Division by less than a millionth overflows the float32 of the logits. */
const ranges: { parameter: SamplerParameter; says: string; holds(value: number): boolean }[] = [
  {
    parameter: "temperature",
    says: "0 (the most probable token), or a number from 0.000001 to 1000000",
    holds: (value) => value === 0 || between(1e-6, 1e6)(value),
  },
  { parameter: "topK", says: "a whole number of tokens, or 0 for all", holds: (value) => Number.isSafeInteger(value) && value >= 0 },
  { parameter: "topP", says: "above 0 and at most 1 (for the one most probable token say temperature 0)", holds: (value) => value > 0 && value <= 1 },
  { parameter: "minP", says: "from 0 to 1", holds: between(0, 1) },
  { parameter: "repetitionPenalty", says: "from 0.000001 to 1000000 (1 is off; usual are 1.05 to 1.3)", holds: between(1e-6, 1e6) },
  { parameter: "seed", says: "a whole number", holds: Number.isSafeInteger },
];

export const isSet = (parameters: SamplerParameters, parameter: SamplerParameter): boolean =>
  parameters[parameter] !== undefined && parameters[parameter] !== neutral[parameter];

/** @throws `invalid-parameter`, `unsupported-parameter` */
export function checkParameters(parameters: SamplerParameters): void {
  for (const { parameter, says, holds } of ranges) {
    const value = parameters[parameter];
    if (value === undefined || (typeof value === "number" && holds(value))) continue;
    const name = parameterNames[parameter];
    throw new CutawayError("invalid-parameter", `${name} is ${String(value)}, and must be ${says}`, {
      data: { parameter: name, value },
      fix: `Give ${name} another value, or leave it out.`,
    });
  }
  const unsupported = (["frequencyPenalty", "presencePenalty", "logitBias"] as const)
    .filter((parameter) => isSet(parameters, parameter))
    .map((parameter) => parameterNames[parameter]);
  if (unsupported.length > 0) {
    throw new CutawayError("unsupported-parameter", `the local sampler has no ${unsupported.join(", ")}`, {
      data: { parameters: unsupported },
      fix: `Leave ${unsupported.length === 1 ? "it" : "them"} out: ignored, ${unsupported.length === 1 ? "it" : "they"} would change nothing and look as if ${unsupported.length === 1 ? "it" : "they"} did.`,
    });
  }
}
