import { CutawayError, type Parameters } from "@cutaway/core";

/** The parameters of a request that choose the next token. A whole `Parameters` fits: the rest is not looked at. */
export type SamplerParameters = Pick<Parameters, NumericParameter | "logitBias" | "drySequenceBreakers">;

/** Those that are numbers. */
export type NumericParameter =
  | "temperature"
  | "topK"
  | "topP"
  | "minP"
  | "repetitionPenalty"
  | "frequencyPenalty"
  | "presencePenalty"
  | "typicalP"
  | "topNSigma"
  | "topH"
  | "epsilonCutoff"
  | "etaCutoff"
  | "noRepeatNgramSize"
  | "dryMultiplier"
  | "dryBase"
  | "dryAllowedLength"
  | "dryPenaltyLastN"
  | "xtcProbability"
  | "xtcThreshold"
  | "mirostat"
  | "mirostatTau"
  | "mirostatEta"
  | "seed";

export type SamplerParameter = keyof SamplerParameters;

/** What a number may be, in words and as a test, and the value that says "off": it may be stated, and no stage runs for it. */
export interface ParameterRange {
  /** The spelling in files, messages and reports. */
  name: string;
  says: string;
  holds(value: number): boolean;
  off?: number;
  /** A setting of another parameter's stage: without that one it has no effect. */
  of?: NumericParameter;
  /** Where it is such a setting and is not given. */
  default?: number;
}

const between = (low: number, high: number) => (value: number) => value >= low && value <= high;
const isWholeFrom = (low: number) => (value: number) => Number.isSafeInteger(value) && value >= low;
const isShare = (value: number) => value > 0 && value <= 1;

/** Division by less than a millionth overflows the float32 of the logits. */
export const ranges: Record<NumericParameter, ParameterRange> = {
  temperature: {
    name: "temperature",
    says: "0 (the most probable token), or a number from 0.000001 to 1000000",
    holds: (value) => value === 0 || between(1e-6, 1e6)(value),
    off: 1,
  },
  topK: { name: "top_k", says: "a whole number of tokens, or 0 for all", holds: isWholeFrom(0), off: 0 },
  topP: { name: "top_p", says: "above 0 and at most 1 (for the one most probable token say temperature 0)", holds: isShare, off: 1 },
  minP: { name: "min_p", says: "from 0 to 1", holds: between(0, 1), off: 0 },
  repetitionPenalty: {
    name: "repetition_penalty",
    says: "from 0.000001 to 1000000 (1 is off; usual are 1.05 to 1.3)",
    holds: between(1e-6, 1e6),
    off: 1,
  },
  frequencyPenalty: { name: "frequency_penalty", says: "from -100 to 100 (0 is off; usual are -2 to 2)", holds: between(-100, 100), off: 0 },
  presencePenalty: { name: "presence_penalty", says: "from -100 to 100 (0 is off; usual are -2 to 2)", holds: between(-100, 100), off: 0 },
  typicalP: { name: "typical_p", says: "above 0 and at most 1", holds: isShare, off: 1 },
  topNSigma: { name: "top_n_sigma", says: "from 0 to 1000 (0 is off; usual is 1)", holds: between(0, 1000), off: 0 },
  topH: { name: "top_h", says: "above 0 and at most 1 (usual is 0.4)", holds: isShare },
  epsilonCutoff: {
    name: "epsilon_cutoff",
    says: "from 0 to below 1 (0 is off; usual are 0.0003 to 0.0009)",
    holds: (value) => value >= 0 && value < 1,
    off: 0,
  },
  etaCutoff: {
    name: "eta_cutoff",
    says: "from 0 to below 1 (0 is off; usual are 0.0003 to 0.002)",
    holds: (value) => value >= 0 && value < 1,
    off: 0,
  },
  noRepeatNgramSize: { name: "no_repeat_ngram_size", says: "a whole number of tokens, or 0 for off", holds: isWholeFrom(0), off: 0 },
  dryMultiplier: { name: "dry_multiplier", says: "from 0 to 1000 (0 is off; usual is 0.8)", holds: between(0, 1000), off: 0 },
  dryBase: { name: "dry_base", says: "from 1 to 100 (usual is 1.75)", holds: between(1, 100), of: "dryMultiplier", default: 1.75 },
  dryAllowedLength: {
    name: "dry_allowed_length",
    says: "a whole number of tokens from 1 on",
    holds: isWholeFrom(1),
    of: "dryMultiplier",
    default: 2,
  },
  dryPenaltyLastN: {
    name: "dry_penalty_last_n",
    says: "a whole number of tokens from 1 on, or -1 for all",
    holds: (value) => value === -1 || isWholeFrom(1)(value),
    of: "dryMultiplier",
    default: -1,
  },
  xtcProbability: { name: "xtc_probability", says: "from 0 to 1", holds: between(0, 1), off: 0 },
  xtcThreshold: {
    name: "xtc_threshold",
    says: "above 0 and at most 0.5 (no two tokens can both be more probable)",
    holds: (value) => value > 0 && value <= 0.5,
    of: "xtcProbability",
    default: 0.1,
  },
  mirostat: { name: "mirostat", says: "0 (off), 1 or 2", holds: (value) => value === 0 || value === 1 || value === 2, off: 0 },
  mirostatTau: {
    name: "mirostat_tau",
    says: "above 0 and at most 100 bits (usual is 5)",
    holds: (value) => value > 0 && value <= 100,
    of: "mirostat",
    default: 5,
  },
  mirostatEta: { name: "mirostat_eta", says: "above 0 and at most 1 (usual is 0.1)", holds: isShare, of: "mirostat", default: 0.1 },
  seed: { name: "seed", says: "a whole number", holds: Number.isSafeInteger },
};

export const numericParameters = Object.keys(ranges) as NumericParameter[];

/** The one map between the spelling in code and in files, messages and reports. */
export const nameOf = (parameter: SamplerParameter): string => {
  if (parameter === "logitBias") return "logit_bias";
  return parameter === "drySequenceBreakers" ? "dry_sequence_breakers" : ranges[parameter].name;
};

/** Whether a value is given that is not the one for "off". */
export function isSet(parameters: SamplerParameters, parameter: SamplerParameter): boolean {
  const value = parameters[parameter];
  if (value === undefined) return false;
  if (parameter === "logitBias") return Object.values(parameters.logitBias ?? {}).some((bias) => bias !== 0);
  if (parameter === "drySequenceBreakers") return true;
  return value !== ranges[parameter].off;
}

/** The value, or what it is where none is given. */
export const settingOf = (parameters: SamplerParameters, parameter: NumericParameter): number =>
  parameters[parameter] ?? ranges[parameter].default ?? ranges[parameter].off ?? 0;

/** @throws `invalid-parameter`, `option-without-effect` */
export function checkParameters(parameters: SamplerParameters): void {
  for (const parameter of numericParameters) {
    const value = parameters[parameter];
    if (value !== undefined) checkValue(parameter, value);
  }
  checkBias(parameters.logitBias);
  checkBreakers(parameters.drySequenceBreakers);
  refuseIdle(parameters);
}

export function checkValue(parameter: NumericParameter, value: number): void {
  const { name, says, holds } = ranges[parameter];
  if (typeof value === "number" && holds(value)) return;
  throw invalid(name, value, `${name} is ${String(value)}, and must be ${says}`);
}

function checkBias(biases: Record<string, number> | undefined): void {
  for (const [id, bias] of Object.entries(biases ?? {})) {
    if (!/^(0|[1-9]\d{0,9})$/.test(id)) throw invalid("logit_bias", id, `logit_bias: "${id}" is no token id, and must be a whole number from 0 on`);
    if (typeof bias !== "number" || Number.isNaN(bias) || bias > 1e6) {
      throw invalid(
        "logit_bias",
        bias,
        `logit_bias of token ${id} is ${String(bias)}, and must be a number of at most 1000000; -Infinity takes the token out`,
      );
    }
  }
}

const mostBreakers = 64;
const longestBreaker = 40;

function checkBreakers(breakers: string[] | undefined): void {
  if (!breakers) return;
  if (breakers.length > mostBreakers) {
    throw invalid("dry_sequence_breakers", breakers.length, `dry_sequence_breakers has ${breakers.length} entries, and may have ${mostBreakers}`);
  }
  for (const breaker of breakers) {
    if (typeof breaker === "string" && breaker.length > 0 && breaker.length <= longestBreaker) continue;
    throw invalid("dry_sequence_breakers", breaker, `dry_sequence_breakers: each is a text of 1 to ${longestBreaker} characters`);
  }
}

/** Settings of a stage that does not run. */
function refuseIdle(parameters: SamplerParameters): void {
  const idle: string[] = [];
  let missing = "";
  for (const parameter of numericParameters) {
    const { of } = ranges[parameter];
    if (!of || parameters[parameter] === undefined || isSet(parameters, of)) continue;
    idle.push(nameOf(parameter));
    missing = nameOf(of);
  }
  if (parameters.drySequenceBreakers && !isSet(parameters, "dryMultiplier")) {
    idle.push(nameOf("drySequenceBreakers"));
    missing = nameOf("dryMultiplier");
  }
  if (idle.length === 0) return;
  throw new CutawayError("option-without-effect", `${idle.join(", ")} ${idle.length === 1 ? "has" : "have"} no effect without ${missing}`, {
    data: { parameters: idle },
    fix: `Set ${missing}, or leave ${idle.length === 1 ? "it" : "them"} out.`,
  });
}

const invalid = (parameter: string, value: unknown, says: string) =>
  new CutawayError("invalid-parameter", says, { data: { parameter, value }, fix: `Give ${parameter} another value, or leave it out.` });
