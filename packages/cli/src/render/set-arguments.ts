import type { LocalOptions, Parameters } from "@cutaway/core";

/** The spelling of each parameter on the command line: as the field writes them in files and bodies. */
export const parameterNames: Record<keyof Parameters, string> = {
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  maxOutputTokens: "max_tokens",
  stop: "stop",
  seed: "seed",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  repetitionPenalty: "repetition_penalty",
  logitBias: "logit_bias",
  typicalP: "typical_p",
  topNSigma: "top_n_sigma",
  topH: "top_h",
  epsilonCutoff: "epsilon_cutoff",
  etaCutoff: "eta_cutoff",
  noRepeatNgramSize: "no_repeat_ngram_size",
  dryMultiplier: "dry_multiplier",
  dryBase: "dry_base",
  dryAllowedLength: "dry_allowed_length",
  dryPenaltyLastN: "dry_penalty_last_n",
  drySequenceBreakers: "dry_sequence_breakers",
  xtcProbability: "xtc_probability",
  xtcThreshold: "xtc_threshold",
  mirostat: "mirostat",
  mirostatTau: "mirostat_tau",
  mirostatEta: "mirostat_eta",
  logprobs: "logprobs",
  topLogprobs: "top_logprobs",
  n: "n",
  stream: "stream",
  streamUsage: "stream_usage",
  responseFormat: "response_format",
  toolChoice: "tool_choice",
  parallelToolCalls: "parallel_tool_calls",
  reasoning: "reasoning",
  verbosity: "verbosity",
  serviceTier: "service_tier",
  truncation: "truncation",
  promptCacheKey: "prompt_cache_key",
  user: "user",
};

/** The same for what only a local model can be told. */
export const localNames: Record<keyof LocalOptions, string> = {
  template: "template",
  raw: "raw",
  tokens: "tokens",
  bos: "bos",
  parseSpecial: "parse_special",
  prefill: "prefill",
  contextSize: "context_size",
  overflow: "overflow",
  samplerOrder: "sampler_order",
  repetitionWindow: "repetition_window",
  samplerPreset: "sampler_preset",
  penaltyScope: "penalty_scope",
  schedules: "schedules",
  constraint: "constraint",
};

/** `--set max_tokens=800 --set temperature=0`, quoted for a shell where needed. An undefined parameter is one to leave out: `--set stop=`. */
export function setArguments(set: Partial<Parameters> = {}, setLocal: Partial<LocalOptions> = {}): string {
  const names: Record<string, string> = { ...parameterNames, ...localNames };
  return [...Object.entries(set), ...Object.entries(setLocal)]
    .map(
      ([name, value]) =>
        `--set ${shellQuoted(`${names[name]}=${value === undefined ? "" : name === "samplerOrder" ? String(value) : textOf(value)}`)}`,
    )
    .join(" ");
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

export const shellQuoted = (text: string): string => (/^[\w.,:/=+@%-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
