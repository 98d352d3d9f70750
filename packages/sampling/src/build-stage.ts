import { type NumericParameter, type SamplerParameter, type SamplerParameters, settingOf } from "./parameters.ts";
import type { Stage, StageName } from "./stage.ts";
import { frequencyPenalty, type PenaltyScope, presencePenalty } from "./stages/count-penalties.ts";
import { dry } from "./stages/dry.ts";
import { grammar } from "./stages/grammar.ts";
import { logitBias } from "./stages/logit-bias.ts";
import { minP } from "./stages/min-p.ts";
import { mirostat } from "./stages/mirostat.ts";
import { noRepeatNgram } from "./stages/no-repeat-ngram.ts";
import { epsilonCutoff, etaCutoff } from "./stages/probability-cutoff.ts";
import { repetitionPenalty } from "./stages/repetition-penalty.ts";
import { temperature } from "./stages/temperature.ts";
import { topH } from "./stages/top-h.ts";
import { topK } from "./stages/top-k.ts";
import { topNSigma } from "./stages/top-n-sigma.ts";
import { topP } from "./stages/top-p.ts";
import { typicalP } from "./stages/typical-p.ts";
import { xtc } from "./stages/xtc.ts";

/** How a stage reads its parameter, where engines differ. */
export interface StageRules {
  topK: "exact" | "ties";
  scope: PenaltyScope;
  /** How far DRY looks back where nothing is said; absent: over everything. */
  dryWindow: number | undefined;
  /** Tokens of DRY's breakers. */
  breakers: readonly (readonly number[])[];
}

/** The parameter that switches a stage on; the grammar is no parameter. */
export const parameterOf: Record<Exclude<StageName, "grammar">, SamplerParameter> = {
  logit_bias: "logitBias",
  repetition_penalty: "repetitionPenalty",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  dry: "dryMultiplier",
  no_repeat_ngram: "noRepeatNgramSize",
  temperature: "temperature",
  top_n_sigma: "topNSigma",
  top_h: "topH",
  top_k: "topK",
  top_p: "topP",
  min_p: "minP",
  typical_p: "typicalP",
  epsilon_cutoff: "epsilonCutoff",
  eta_cutoff: "etaCutoff",
  xtc: "xtcProbability",
  mirostat: "mirostat",
};

/** Stages that can make another token the most probable one: before a greedy stage only they have an effect. */
export const reordering: ReadonlySet<StageName> = new Set<StageName>([
  "grammar",
  "logit_bias",
  "repetition_penalty",
  "frequency_penalty",
  "presence_penalty",
  "dry",
  "no_repeat_ngram",
  "typical_p",
  "xtc",
]);

export function buildStage(name: StageName, parameters: SamplerParameters, { topK: ties, scope, dryWindow, breakers }: StageRules): Stage {
  const get = (parameter: NumericParameter) => settingOf(parameters, parameter);
  switch (name) {
    case "grammar":
      return grammar();
    case "logit_bias":
      return logitBias(parameters.logitBias ?? {});
    case "repetition_penalty":
      return repetitionPenalty(get("repetitionPenalty"), scope.window);
    case "frequency_penalty":
      return frequencyPenalty(get("frequencyPenalty"), scope);
    case "presence_penalty":
      return presencePenalty(get("presencePenalty"), scope);
    case "dry": {
      const window = parameters.dryPenaltyLastN ?? dryWindow ?? -1;
      return dry({
        multiplier: get("dryMultiplier"),
        base: get("dryBase"),
        allowedLength: get("dryAllowedLength"),
        window: window === -1 ? undefined : window,
        breakers,
      });
    }
    case "no_repeat_ngram":
      return noRepeatNgram(get("noRepeatNgramSize"));
    case "temperature":
      return temperature(get("temperature"));
    case "top_n_sigma":
      return topNSigma(get("topNSigma"));
    case "top_h":
      return topH(get("topH"));
    case "top_k":
      return topK(get("topK"), ties === "exact");
    case "top_p":
      return topP(get("topP"));
    case "min_p":
      return minP(get("minP"));
    case "typical_p":
      return typicalP(get("typicalP"));
    case "epsilon_cutoff":
      return epsilonCutoff(get("epsilonCutoff"));
    case "eta_cutoff":
      return etaCutoff(get("etaCutoff"));
    case "xtc":
      return xtc(get("xtcProbability"), get("xtcThreshold"));
    case "mirostat":
      return mirostat({ version: get("mirostat") === 1 ? 1 : 2, tau: get("mirostatTau"), eta: get("mirostatEta") });
  }
}
