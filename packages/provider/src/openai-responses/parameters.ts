import type { JsonObject, JsonValue, Parameters } from "@cutaway/core";
import { booleanOf, filledOf, known, listOf, objectOf, textOf } from "../json/fields.ts";
import { booleanField, field, notSupported, numberField, type ParameterField, put, textField } from "../request/parameter-fields.ts";

const logprobsInclude = "message.output_text.logprobs";

/** Parameters of the Responses API. It has no stop sequences, seed, penalties or several choices. */
export const responsesParameters: readonly ParameterField[] = [
  numberField("temperature", "temperature"),
  numberField("topP", "top_p"),
  numberField("maxOutputTokens", "max_output_tokens"),
  field({
    name: "logprobs",
    paths: [],
    read: (body) => (listOf(body.include).includes(logprobsInclude) ? true : undefined),
    write(body, value) {
      const others = listOf(body.include).filter((item) => item !== logprobsInclude);
      const include = value ? [...others, logprobsInclude] : others;
      put(body, "include", include.length > 0 ? include : undefined);
    },
  }),
  numberField("topLogprobs", "top_logprobs"),
  booleanField("stream", "stream"),
  field({ name: "responseFormat", paths: ["text.format"], read: readFormat, write: writeFormat }),
  field({
    name: "toolChoice",
    paths: ["tool_choice"],
    read: (body) => body.tool_choice ?? undefined,
    write: (body, value) => put(body, "tool_choice", value),
  }),
  booleanField("parallelToolCalls", "parallel_tool_calls"),
  field({
    name: "reasoning",
    paths: ["reasoning.effort", "reasoning.mode"],
    read(body) {
      const reasoning = objectOf(body.reasoning);
      const value = known({ effort: filledOf(reasoning?.effort), mode: filledOf(reasoning?.mode) });
      return Object.keys(value).length > 0 ? value : undefined;
    },
    write(body, value) {
      if (value?.budgetTokens !== undefined) throw notSupported("reasoning.budgetTokens", "openai-responses", responsesParameters);
      put(body, "reasoning.effort", value?.effort);
      put(body, "reasoning.mode", value?.mode);
    },
  }),
  textField("verbosity", "text.verbosity"),
  textField("serviceTier", "service_tier"),
  textField("truncation", "truncation"),
  textField("promptCacheKey", "prompt_cache_key"),
  textField("user", "user"),
];

function readFormat(body: JsonObject): Parameters["responseFormat"] | undefined {
  const format = objectOf(objectOf(body.text)?.format);
  if (format?.type === "text") return { type: "text" };
  if (format?.type === "json_object") return { type: "json" };
  if (format?.type !== "json_schema") return undefined;
  return known({ type: "json-schema" as const, name: textOf(format.name), schema: format.schema, strict: booleanOf(format.strict) });
}

function writeFormat(body: JsonObject, value: Parameters["responseFormat"] | undefined): void {
  put(body, "text.format", value && formatJson(value, objectOf(objectOf(body.text)?.format)));
}

function formatJson(value: NonNullable<Parameters["responseFormat"]>, before: JsonObject | undefined): JsonValue {
  if (value.type !== "json-schema") return { type: value.type === "json" ? "json_object" : "text" };
  const { name: _name, schema: _schema, strict: _strict, ...kept } = before?.type === "json_schema" ? before : {};
  return { ...kept, type: "json_schema", ...known({ name: value.name, schema: value.schema, strict: value.strict }) };
}
