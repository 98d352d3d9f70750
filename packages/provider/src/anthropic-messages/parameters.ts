import { isJsonObject, type JsonObject, type Parameters } from "@cutaway/core";
import { filledOf, known, numberOf, objectOf } from "../json/fields.ts";
import { booleanField, field, notSupported, numberField, type ParameterField, put, stopField, textField } from "../request/parameter-fields.ts";

/** Parameters of Anthropic Messages. It has no logprobs, seed, penalties or several choices. */
export const messagesParameters: readonly ParameterField[] = [
  numberField("temperature", "temperature"),
  numberField("topP", "top_p"),
  numberField("topK", "top_k"),
  numberField("maxOutputTokens", "max_tokens"),
  stopField("stop_sequences"),
  booleanField("stream", "stream"),
  field({
    name: "responseFormat",
    paths: ["output_config.format", "output_format"],
    read: (body) => readFormat(objectOf(objectOf(body.output_config)?.format) ?? objectOf(body.output_format)),
    write: writeFormat,
  }),
  field({
    name: "toolChoice",
    paths: ["tool_choice"],
    read: (body) => body.tool_choice ?? undefined,
    write: (body, value) => put(body, "tool_choice", value),
  }),
  field({
    name: "parallelToolCalls",
    paths: [],
    read(body) {
      const disabled = objectOf(body.tool_choice)?.disable_parallel_tool_use;
      return typeof disabled === "boolean" ? !disabled : undefined;
    },
    write(body, value) {
      const choice = objectOf(body.tool_choice) ?? (value === undefined ? undefined : { type: "auto" });
      if (!choice) return;
      const { disable_parallel_tool_use: _, ...kept } = choice;
      body.tool_choice = value === undefined ? kept : { ...kept, disable_parallel_tool_use: !value };
    },
  }),
  field({
    name: "reasoning",
    paths: ["thinking.type", "thinking.budget_tokens", "output_config.effort"],
    read: readReasoning,
    write: writeReasoning,
  }),
  textField("serviceTier", "service_tier"),
  textField("user", "metadata.user_id"),
];

function readFormat(format: JsonObject | undefined): Parameters["responseFormat"] | undefined {
  return format?.type === "json_schema" ? known({ type: "json-schema" as const, schema: format.schema }) : undefined;
}

function writeFormat(body: JsonObject, value: Parameters["responseFormat"] | undefined): void {
  if (value && (value.type !== "json-schema" || value.name !== undefined || value.strict !== undefined)) {
    const what = value.type !== "json-schema" ? "responseFormat.type" : value.name !== undefined ? "responseFormat.name" : "responseFormat.strict";
    throw notSupported(what, "anthropic-messages", messagesParameters);
  }
  const path = isJsonObject(body.output_format) ? "output_format" : "output_config.format";
  put(body, path, value && { type: "json_schema", ...(value.schema !== undefined && { schema: value.schema }) });
}

function readReasoning(body: JsonObject): Parameters["reasoning"] | undefined {
  const thinking = objectOf(body.thinking);
  const value = known({
    effort: filledOf(objectOf(body.output_config)?.effort),
    budgetTokens: numberOf(thinking?.budget_tokens),
    mode: filledOf(thinking?.type),
  });
  return Object.keys(value).length > 0 ? value : undefined;
}

function writeReasoning(body: JsonObject, value: Parameters["reasoning"] | undefined): void {
  put(body, "thinking.type", value?.mode ?? (value?.budgetTokens === undefined ? undefined : "enabled"));
  put(body, "thinking.budget_tokens", value?.budgetTokens);
  put(body, "output_config.effort", value?.effort);
}
