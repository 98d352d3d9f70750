import type { StageName } from "./stage.ts";
import type { PenaltyScope } from "./stages/count-penalties.ts";

/** Whose rules a sampler follows. The same numbers mean different things under each. */
export interface Preset {
  name: string;
  /** What was read: the engine, its version, and where the order stands in its source. */
  source: string;
  /** All stages that the engine has, in its order. Others are refused: the engine would not know them. */
  order: readonly StageName[];
  /** Whether top_k keeps exactly k, or all that are as probable as the k-th. */
  topK: "exact" | "ties";
  /** Which tokens frequency and presence penalties count. */
  penaltyScope: PenaltyScope["scope"];
  /** How many of the last tokens the penalties look back on where nothing is said; absent: all. */
  repetitionWindow?: number;
  /** The same for DRY. */
  dryWindow?: number;
  /** Temperatures below it are taken as 0. */
  greedyBelow?: number;
  /** With Mirostat these are all the stages that run. */
  withMirostat?: readonly StageName[];
  /** What else differs, for a person to read. */
  notes: readonly string[];
}

export type PresetName = "transformers" | "llama.cpp" | "vllm";

/** The order where none is asked for: transformers' for the stages it has, the others beside their kin. */
export const defaultOrder: readonly StageName[] = [
  "grammar",
  "logit_bias",
  "repetition_penalty",
  "frequency_penalty",
  "presence_penalty",
  "dry",
  "no_repeat_ngram",
  "temperature",
  "top_n_sigma",
  "top_h",
  "top_k",
  "top_p",
  "min_p",
  "typical_p",
  "epsilon_cutoff",
  "eta_cutoff",
  "xtc",
  "mirostat",
];

export const presets: Record<PresetName, Preset> = {
  transformers: {
    name: "transformers",
    source: "Hugging Face transformers 5.24, GenerationMixin._get_logits_processor",
    order: [
      "logit_bias",
      "repetition_penalty",
      "no_repeat_ngram",
      "grammar",
      "temperature",
      "top_h",
      "top_k",
      "top_p",
      "min_p",
      "typical_p",
      "epsilon_cutoff",
      "eta_cutoff",
    ],
    topK: "ties",
    penaltyScope: "all",
    notes: [
      "Cuts come after the temperature: a high one lets more tokens through top_p.",
      "The repetition penalty counts the prompt too, however far back.",
      "logit_bias is its sequence_bias, grammar its prefix_allowed_tokens_fn.",
      "temperature 0 is refused there; do_sample=false is what takes the most probable token.",
    ],
  },
  "llama.cpp": {
    name: "llama.cpp",
    source: "llama.cpp v0.5.0, common_params_sampling and common_sampler_init",
    order: [
      "grammar",
      "logit_bias",
      "repetition_penalty",
      "frequency_penalty",
      "presence_penalty",
      "dry",
      "top_n_sigma",
      "top_k",
      "typical_p",
      "top_p",
      "min_p",
      "xtc",
      "temperature",
      "mirostat",
    ],
    topK: "exact",
    penaltyScope: "all",
    repetitionWindow: 64,
    dryWindow: 64,
    withMirostat: ["grammar", "logit_bias", "temperature", "mirostat"],
    notes: [
      "The temperature comes last: what is cut does not depend on it.",
      "The three penalties and DRY look at the last 64 tokens, prompt included (repeat_last_n, dry_penalty_last_n).",
      "With mirostat only logit_bias and temperature run beside it.",
      "A grammar is tried after the draw there, and masks first only where the draw breaks it: the same tokens, and other random numbers.",
      "Its own defaults are not none: temperature 0.8, top_k 40, top_p 0.95, min_p 0.05.",
    ],
  },
  vllm: {
    name: "vllm",
    source: "vLLM 0.33.0, vllm/v1/sample/sampler.py (Sampler.forward, apply_top_k_top_p, apply_penalties)",
    order: ["grammar", "logit_bias", "repetition_penalty", "frequency_penalty", "presence_penalty", "temperature", "min_p", "top_k", "top_p"],
    topK: "ties",
    penaltyScope: "answer",
    greedyBelow: 1e-5,
    notes: [
      "min_p comes before top_k and top_p, all after the temperature.",
      "Frequency and presence penalty count the answer only, the repetition penalty the prompt too.",
      "Temperatures below 0.00001 take the most probable token.",
      "It takes defaults from the model's generation_config.json unless told not to.",
    ],
  },
};

export const isPresetName = (name: string): name is PresetName => Object.hasOwn(presets, name);
