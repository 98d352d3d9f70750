import { isJsonObject, type JsonValue, type Parameters } from "@cutaway/core";
import { type Fields, wrong } from "./fields.ts";

/**
 * What says which token is taken, by the names of OpenAI, vLLM, llama.cpp and transformers. Ranges are the sampler's own to check, which names the field as well.
 * @throws `invalid-parameter` naming the field
 */
export function readSampler(fields: Fields): Parameters {
  return {
    topP: fields.number("top_p"),
    minP: fields.number("min_p"),
    typicalP: fields.number("typical_p"),
    topNSigma: fields.number("top_n_sigma"),
    topH: fields.number("top_h"),
    epsilonCutoff: fields.number("epsilon_cutoff"),
    etaCutoff: fields.number("eta_cutoff"),
    repetitionPenalty: fields.number("repetition_penalty"),
    frequencyPenalty: fields.number("frequency_penalty"),
    presencePenalty: fields.number("presence_penalty"),
    logitBias: biasesOf(fields.value("logit_bias")),
    noRepeatNgramSize: fields.whole("no_repeat_ngram_size", 0),
    dryMultiplier: fields.number("dry_multiplier"),
    dryBase: fields.number("dry_base"),
    dryAllowedLength: fields.whole("dry_allowed_length", 1),
    dryPenaltyLastN: fields.whole("dry_penalty_last_n", -1),
    drySequenceBreakers: breakersOf(fields.value("dry_sequence_breakers")),
    xtcProbability: fields.number("xtc_probability"),
    xtcThreshold: fields.number("xtc_threshold"),
    mirostat: fields.whole("mirostat", 0, 2),
    mirostatTau: fields.number("mirostat_tau"),
    mirostatEta: fields.number("mirostat_eta"),
  } as Parameters;
}

function biasesOf(value: JsonValue | undefined): Record<string, number> | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value) || !Object.values(value).every((bias) => typeof bias === "number"))
    throw wrong("logit_bias", "an object of numbers by token id", value);
  return value as Record<string, number>;
}

function breakersOf(value: JsonValue | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((text): text is string => typeof text === "string"))
    throw wrong("dry_sequence_breakers", "a list of texts", value);
  return value;
}
