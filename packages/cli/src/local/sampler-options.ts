import { CutawayError, type LocalOptions, type Parameters } from "@cutaway/core";
import { createSampler, isSchedulable, parseSchedule, ranges, type SamplerOptions, schedulable } from "@cutaway/sampling";
import { given } from "./given.ts";

/** The options that say which token is taken. */
export interface ChoiceOptions {
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  typicalP?: number;
  topNSigma?: number;
  topH?: number;
  epsilonCutoff?: number;
  etaCutoff?: number;
  xtcProbability?: number;
  xtcThreshold?: number;
  mirostat?: number;
  mirostatTau?: number;
  mirostatEta?: number;
  repetitionPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  banNgram?: number;
  dryMultiplier?: number;
  dryBase?: number;
  dryAllowedLength?: number;
  dryPenaltyLastN?: number;
  drySequenceBreaker?: string[];
  logitBias?: string[];
  seed?: number;
  repetitionWindow?: number;
  penaltyScope?: LocalOptions["penaltyScope"];
  samplerOrder?: string[];
  samplerPreset?: string;
  schedule?: string[];
}

/** Their names: what a provider's API may have, and local ones, which it has not. */
export const choiceNames: readonly (keyof ChoiceOptions)[] = [
  "temperature",
  "topK",
  "topP",
  "minP",
  "typicalP",
  "topNSigma",
  "topH",
  "epsilonCutoff",
  "etaCutoff",
  "xtcProbability",
  "xtcThreshold",
  "mirostat",
  "mirostatTau",
  "mirostatEta",
  "repetitionPenalty",
  "frequencyPenalty",
  "presencePenalty",
  "banNgram",
  "seed",
  "dryMultiplier",
  "dryBase",
  "dryAllowedLength",
  "dryPenaltyLastN",
  "drySequenceBreaker",
  "logitBias",
];

/** The same in a request's words, checked. `grammar`: the answer will be held to a language. @throws what the sampler refuses */
export function choiceOf(options: ChoiceOptions, { grammar = false } = {}): { parameters: Parameters; local: LocalOptions } {
  const { temperature, topK, topP, minP, typicalP, topNSigma, topH, epsilonCutoff, etaCutoff, xtcProbability, xtcThreshold } = options;
  const { mirostat, mirostatTau, mirostatEta, repetitionPenalty, frequencyPenalty, presencePenalty, banNgram, seed } = options;
  const { dryMultiplier, dryBase, dryAllowedLength, dryPenaltyLastN, drySequenceBreaker } = options;
  const parameters: Parameters = given({
    ...{ temperature, topK, topP, minP, typicalP, topNSigma, topH, epsilonCutoff, etaCutoff, xtcProbability, xtcThreshold },
    ...{ mirostat, mirostatTau, mirostatEta, repetitionPenalty, frequencyPenalty, presencePenalty, seed },
    ...{ dryMultiplier, dryBase, dryAllowedLength, dryPenaltyLastN, drySequenceBreakers: drySequenceBreaker?.map(unescaped) },
    noRepeatNgramSize: banNgram,
    logitBias: options.logitBias && biasesOf(options.logitBias),
  });
  const { repetitionWindow, penaltyScope, samplerOrder, samplerPreset } = options;
  const schedules = options.schedule && schedulesOf(options.schedule);
  const local: LocalOptions = given({ repetitionWindow, penaltyScope, samplerOrder, samplerPreset, schedules });
  createSampler(parameters, { ...samplerOptionsOf(local), grammar });
  return { parameters, local };
}

/** What of a request's local options the sampler reads. */
export const samplerOptionsOf = ({ repetitionWindow, penaltyScope, samplerOrder, samplerPreset, schedules }: LocalOptions): SamplerOptions =>
  given({ order: samplerOrder, preset: samplerPreset, repetitionWindow, penaltyScope, schedules });

/** A line break cannot well be typed into a shell: `\n` and `\t` are read. */
const unescaped = (text: string): string => text.replaceAll("\\n", "\n").replaceAll("\\t", "\t");

function biasesOf(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [, id, amount] = /^(\d+)=([+-]?(?:\d+\.?\d*|\.\d+|inf))$/i.exec(text.trim()) ?? [];
      if (id === undefined || amount === undefined) {
        throw new CutawayError("bad-option", `--logit-bias: "${text}" will not do`, {
          fix: "Give a token's id and what to add, e.g. 198=-5 or 198=-inf.",
          data: { value: text },
        });
      }
      return [id, /inf/i.test(amount) ? (amount.startsWith("-") ? -Infinity : Infinity) : Number(amount)];
    }),
  );
}

function schedulesOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf("=");
      const name = schedulable.find((parameter) => ranges[parameter].name === text.slice(0, at) || parameter === text.slice(0, at));
      if (at < 0 || !name || !isSchedulable(name)) {
        throw new CutawayError("bad-option", `--schedule: "${text}" names no parameter that can change`, {
          fix: `Give one of ${schedulable.map((parameter) => ranges[parameter].name).join(", ")}, e.g. temperature=linear:1.2:0.2:50.`,
          data: { value: text },
        });
      }
      parseSchedule(text.slice(at + 1));
      return [name, text.slice(at + 1)];
    }),
  );
}
