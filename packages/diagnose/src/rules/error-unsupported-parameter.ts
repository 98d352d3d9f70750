import type { Call, Change, JsonObject, Parameters, Request } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { inField } from "../evidence.ts";
import { oneLine, quote } from "../words.ts";

/** A parameter that this model does not take, or not with this value. */
export const unsupportedParameter = callRule({
  id: "error.unsupported-parameter",
  title: "The model does not take a parameter",
  check: (call): Found[] => {
    const unsupported = unsupportedIn(call);
    if (!call.error || !unsupported) return [];
    const { name, instead } = unsupported;
    const ours = parameterOf[name];
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (ours && call.request?.parameters[ours] !== undefined) evidence.push(inField(call, `request.parameters.${ours}`, "sent here"));
    const change =
      instead === undefined
        ? ours && call.request?.parameters[ours] !== undefined && removed(name, ours)
        : call.request && renames(call.request, name) && renamed(name, instead);
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The model does not take ${quote(name)}${instead ? `; it calls it ${quote(instead)}` : reasoningOnly.has(name) ? ", as reasoning models do not take sampling parameters" : ""}.`,
        evidence,
        ...(change && { change }),
      },
    ];
  },
});

/** The parameter an error complains of, in the wire's spelling. */
export function unsupportedIn(call: Call): { name: string; instead?: string } | undefined {
  const { error } = call;
  if (!error || (error.kind !== "invalid-request" && error.kind !== "unknown")) return undefined;
  const message = error.message.slice(0, 4_000);
  const match =
    /unsupported (?:parameter|value): '?([\w.]+)'?/i.exec(message) ??
    /unrecognized request argument(?:s)? supplied: ([\w.]+)/i.exec(message) ??
    /unknown parameter: '([\w.[\]]+)'/i.exec(message) ??
    /`([\w.]+)` (?:is deprecated for|is not supported (?:with|for|by)|may only be set to 1 when thinking)/i.exec(message) ??
    /^([\w.]+): extra inputs are not permitted/i.exec(message);
  const name = match?.[1];
  if (!name) return error.code === "unsupported_parameter" && error.param ? { name: error.param } : undefined;
  const instead = /use '?([\w.]+)'? instead/i.exec(message)?.[1];
  return instead ? { name, instead } : { name };
}

const complains = (name: string): Counted => ({
  counts: `the model complains of ${quote(name)}`,
  symptom: (call) => unsupportedIn(call)?.name === name,
});

const removed = (name: string, parameter: keyof Parameters): Change => setParameters(`send no ${name}`, { [parameter]: undefined }, complains(name));

const renames = ({ body }: Request, name: string) => body !== undefined && Object.hasOwn(body, name);

/** The same value under the name the model takes: a change of the body, since both names are one parameter to us. */
const renamed = (name: string, instead: string): Change => ({
  says: `send ${instead} instead of ${name}`,
  apply: (request) => {
    if (!request.body || !Object.hasOwn(request.body, name)) return request;
    const entries = Object.entries(request.body).map(([key, value]) => [key === name ? instead : key, value]);
    return { ...request, body: Object.fromEntries(entries) as JsonObject };
  },
  ...complains(name),
});

const reasoningOnly: ReadonlySet<string> = new Set([
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "logit_bias",
]);

const parameterOf: Readonly<Record<string, keyof Parameters>> = {
  temperature: "temperature",
  top_p: "topP",
  top_k: "topK",
  min_p: "minP",
  max_tokens: "maxOutputTokens",
  max_completion_tokens: "maxOutputTokens",
  max_output_tokens: "maxOutputTokens",
  stop: "stop",
  stop_sequences: "stop",
  seed: "seed",
  frequency_penalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  repetition_penalty: "repetitionPenalty",
  logit_bias: "logitBias",
  typical_p: "typicalP",
  top_n_sigma: "topNSigma",
  top_h: "topH",
  epsilon_cutoff: "epsilonCutoff",
  eta_cutoff: "etaCutoff",
  no_repeat_ngram_size: "noRepeatNgramSize",
  dry_multiplier: "dryMultiplier",
  dry_base: "dryBase",
  dry_allowed_length: "dryAllowedLength",
  dry_penalty_last_n: "dryPenaltyLastN",
  dry_sequence_breakers: "drySequenceBreakers",
  xtc_probability: "xtcProbability",
  xtc_threshold: "xtcThreshold",
  mirostat: "mirostat",
  mirostat_tau: "mirostatTau",
  mirostat_eta: "mirostatEta",
  logprobs: "logprobs",
  top_logprobs: "topLogprobs",
  n: "n",
  response_format: "responseFormat",
  tool_choice: "toolChoice",
  parallel_tool_calls: "parallelToolCalls",
  reasoning_effort: "reasoning",
  reasoning: "reasoning",
  "reasoning.effort": "reasoning",
  thinking: "reasoning",
  verbosity: "verbosity",
  service_tier: "serviceTier",
  truncation: "truncation",
};
