import { isJsonObject, type JsonObject, type JsonValue, type Parameters } from "@cutaway/core";
import { booleanOf, filledOf, known, numberOf, objectOf, textOf } from "../json/fields.ts";
import { booleanField, field, notSupported, numberField, type ParameterField, put, stopField, textField } from "../request/parameter-fields.ts";

/** Which of the two names of the cap a body uses; a new one is written as `max_completion_tokens`, the name OpenAI's own models require. */
const capNames = ["max_completion_tokens", "max_tokens"] as const;

/** Parameters of chat completions, with those that vLLM, SGLang, OpenRouter and others add. The table is in `docs/parameters.md`. */
export const chatParameters: readonly ParameterField[] = [
  numberField("temperature", "temperature"),
  numberField("topP", "top_p"),
  numberField("topK", "top_k"),
  numberField("minP", "min_p"),
  field({
    name: "maxOutputTokens",
    paths: capNames,
    read: (body) => numberOf(body.max_completion_tokens) ?? numberOf(body.max_tokens),
    write(body, value) {
      const used = capNames.filter((name) => typeof body[name] === "number");
      for (const name of used.length > 0 ? used : [capNames[0]]) put(body, name, value);
    },
  }),
  stopField("stop"),
  numberField("seed", "seed"),
  numberField("frequencyPenalty", "frequency_penalty"),
  numberField("presencePenalty", "presence_penalty"),
  numberField("repetitionPenalty", "repetition_penalty"),
  field({
    name: "logitBias",
    paths: ["logit_bias"],
    read: (body) => numbersOf(body.logit_bias),
    write: (body, value) => put(body, "logit_bias", value),
  }),
  // Of llama.cpp, Aphrodite and others behind the same wire format.
  numberField("typicalP", "typical_p"),
  numberField("topNSigma", "top_n_sigma"),
  numberField("epsilonCutoff", "epsilon_cutoff"),
  numberField("etaCutoff", "eta_cutoff"),
  numberField("noRepeatNgramSize", "no_repeat_ngram_size"),
  numberField("dryMultiplier", "dry_multiplier"),
  numberField("dryBase", "dry_base"),
  numberField("dryAllowedLength", "dry_allowed_length"),
  numberField("dryPenaltyLastN", "dry_penalty_last_n"),
  numberField("xtcProbability", "xtc_probability"),
  numberField("xtcThreshold", "xtc_threshold"),
  numberField("mirostat", "mirostat"),
  numberField("mirostatTau", "mirostat_tau"),
  numberField("mirostatEta", "mirostat_eta"),
  field({
    name: "drySequenceBreakers",
    paths: ["dry_sequence_breakers"],
    read: (body) => textsOf(body.dry_sequence_breakers),
    write: (body, value) => put(body, "dry_sequence_breakers", value),
  }),
  booleanField("logprobs", "logprobs"),
  numberField("topLogprobs", "top_logprobs"),
  numberField("n", "n"),
  booleanField("stream", "stream"),
  booleanField("streamUsage", "stream_options.include_usage"),
  field({ name: "responseFormat", paths: ["response_format"], read: readResponseFormat, write: writeResponseFormat }),
  field({
    name: "toolChoice",
    paths: ["tool_choice"],
    read: (body) => body.tool_choice ?? undefined,
    write: (body, value) => put(body, "tool_choice", value),
  }),
  booleanField("parallelToolCalls", "parallel_tool_calls"),
  field({
    name: "reasoning",
    paths: ["reasoning_effort", "reasoning.effort", "reasoning.max_tokens"],
    read(body) {
      const nested = objectOf(body.reasoning);
      return notEmpty(known({ effort: filledOf(body.reasoning_effort) ?? filledOf(nested?.effort), budgetTokens: numberOf(nested?.max_tokens) }));
    },
    write(body, value) {
      const isNested = isJsonObject(body.reasoning);
      if (value?.mode !== undefined || (value?.budgetTokens !== undefined && !isNested))
        throw notSupported(value.mode === undefined ? "reasoning.budgetTokens" : "reasoning.mode", "openai-chat", chatParameters);
      if (isNested) put(body, "reasoning.max_tokens", value?.budgetTokens);
      if (isNested && body.reasoning_effort === undefined) put(body, "reasoning.effort", value?.effort);
      else {
        put(body, "reasoning_effort", value?.effort);
        if (isNested && value?.effort === undefined) put(body, "reasoning.effort", undefined);
      }
    },
  }),
  textField("verbosity", "verbosity"),
  textField("serviceTier", "service_tier"),
  textField("promptCacheKey", "prompt_cache_key"),
  textField("user", "user"),
];

function readResponseFormat(body: JsonObject): Parameters["responseFormat"] | undefined {
  const format = objectOf(body.response_format);
  if (format?.type === "text") return { type: "text" };
  if (format?.type === "json_object") return { type: "json" };
  const schema = objectOf(format?.json_schema);
  if (format?.type !== "json_schema" || !schema) return undefined;
  return known({ type: "json-schema" as const, name: textOf(schema.name), schema: schema.schema, strict: booleanOf(schema.strict) });
}

function writeResponseFormat(body: JsonObject, value: Parameters["responseFormat"] | undefined): void {
  put(body, "response_format", value && responseFormatJson(value, objectOf(objectOf(body.response_format)?.json_schema)));
}

function responseFormatJson(value: NonNullable<Parameters["responseFormat"]>, before: JsonObject | undefined): JsonValue {
  if (value.type !== "json-schema") return { type: value.type === "json" ? "json_object" : "text" };
  const { name: _name, schema: _schema, strict: _strict, ...kept } = before ?? {};
  return { type: "json_schema", json_schema: { ...kept, ...known({ name: value.name, schema: value.schema, strict: value.strict }) } };
}

function textsOf(value: JsonValue | undefined): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}

export function numbersOf(value: JsonValue | undefined): Record<string, number> | undefined {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
}

const notEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);
