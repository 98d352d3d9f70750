import { type ConstraintOptions, isJsonObject, type JsonObject, type JsonValue, type LocalOptions, type Parameters } from "@cutaway/core";
import { refused } from "./api-error.ts";
import { type Fields, wrong } from "./fields.ts";

/** What the answer has to be a text of, in the runtime's words. */
export interface AnswerFormat {
  responseFormat?: NonNullable<Parameters["responseFormat"]>;
  local?: Pick<LocalOptions, "constraint">;
}

/** The one field that says it; they are what OpenAI and vLLM have, the last ones by vLLM's older names. */
const readers: readonly [field: string, read: (value: JsonValue, field: string) => AnswerFormat | undefined][] = [
  ["response_format", readResponseFormat],
  ["structured_outputs", readStructuredOutputs],
  ["guided_json", (value, field) => readOutput("json", value, field)],
  ["guided_regex", (value, field) => readOutput("regex", value, field)],
  ["guided_choice", (value, field) => readOutput("choice", value, field)],
  ["guided_grammar", (value, field) => readOutput("grammar", value, field)],
];

/**
 * `response_format` as in OpenAI's API, `structured_outputs` and the older `guided_…` as in vLLM's; one of them.
 * @throws `invalid-parameter` naming the field
 */
export function readAnswerFormat(fields: Fields): AnswerFormat {
  fields.neutral("guided_decoding_backend", ["auto"], "there is one.");
  fields.neutral("guided_whitespace_pattern", [], "white space is at most a space, or a line break with its indentation.");
  const found: [field: string, format: AnswerFormat][] = [];
  for (const [field, read] of readers) {
    const value = fields.value(field);
    const format = value === undefined ? undefined : read(value, field);
    if (format) found.push([field, format]);
  }
  const [first, second] = found;
  if (first && second) throw refused(second[0], `${first[0]} and ${second[0]} both say what the answer has to be`, `Leave ${second[0]} out.`);
  return first?.[1] ?? {};
}

function readResponseFormat(value: JsonValue): AnswerFormat | undefined {
  if (!isJsonObject(value)) throw wrong("response_format", "an object", value);
  const { type, json_schema: described, ...rest } = value;
  refuseOthers("response_format", rest);
  if (type !== "json_schema" && described !== undefined)
    throw refused("response_format.json_schema", "response_format.json_schema would have no effect beside another type", "Leave it out.");
  if (type === "text") return undefined;
  if (type === "json_object") return { responseFormat: { type: "json" } };
  if (type !== "json_schema") throw wrong("response_format.type", '"text", "json_object" or "json_schema"', type ?? null);
  if (!isJsonObject(described) || described.schema === undefined)
    throw wrong("response_format.json_schema", "an object with a name and a schema", described ?? null);
  const { name, schema, strict, description, ...more } = described;
  refuseOthers("response_format.json_schema", more);
  if (name !== undefined && typeof name !== "string") throw wrong("response_format.json_schema.name", "a text", name);
  if (description !== undefined && description !== null && typeof description !== "string")
    throw wrong("response_format.json_schema.description", "a text", description);
  // An answer is always held to its schema, strict or not.
  if (strict !== undefined && strict !== null && typeof strict !== "boolean")
    throw wrong("response_format.json_schema.strict", "true or false", strict);
  return { responseFormat: { type: "json-schema", schema, ...(name !== undefined && { name }) } };
}

function readStructuredOutputs(value: JsonValue): AnswerFormat | undefined {
  if (!isJsonObject(value)) throw wrong("structured_outputs", "an object", value);
  const { disable_any_whitespace: compact, ...kinds } = value;
  if (compact !== undefined && compact !== null && typeof compact !== "boolean")
    throw wrong("structured_outputs.disable_any_whitespace", "true or false", compact);
  const given = Object.entries(kinds).filter(([, kind]) => kind !== null && kind !== undefined);
  const [first, second] = given;
  if (!first) throw wrong("structured_outputs", "json, json_object, regex, choice or grammar", value);
  if (second) throw refused(`structured_outputs.${second[0]}`, "structured_outputs says twice what the answer has to be", "Leave one out.");
  const [kind, source] = first as [string, JsonValue];
  const format = readOutput(kind, source, `structured_outputs.${kind}`);
  if (!compact) return format;
  if (!format.responseFormat)
    throw refused(
      "structured_outputs.disable_any_whitespace",
      "disable_any_whitespace would have no effect: the answer is not JSON",
      "Leave it out.",
    );
  return { ...format, local: { constraint: { whitespace: "none" } } };
}

function readOutput(kind: string, value: JsonValue, field: string): AnswerFormat {
  switch (kind) {
    case "json":
      return { responseFormat: { type: "json-schema", schema: schemaOf(value, field) } };
    case "json_object":
      if (value !== true) throw wrong(field, "true", value);
      return { responseFormat: { type: "json" } };
    case "regex":
      if (typeof value !== "string") throw wrong(field, "a pattern", value);
      return constrained({ regex: value });
    case "choice":
      if (!Array.isArray(value) || value.length === 0 || !value.every((text): text is string => typeof text === "string"))
        throw wrong(field, "a list of one text or more", value);
      return constrained({ choice: value });
    case "grammar":
      if (typeof value !== "string") throw wrong(field, "a grammar", value);
      // As vLLM tells them apart: rules of GBNF are written with ::=.
      return constrained({ grammar: { syntax: value.includes("::=") ? "gbnf" : "lark", text: value } });
    default:
      throw refused(field, `${field} is not known here`, "Known are json, json_object, regex, choice and grammar.");
  }
}

const constrained = (constraint: ConstraintOptions): AnswerFormat => ({ local: { constraint } });

/** vLLM takes a schema as JSON too. */
function schemaOf(value: JsonValue, field: string): JsonValue {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as JsonValue;
  } catch {
    throw wrong(field, "a JSON schema", value);
  }
}

function refuseOthers(field: string, rest: JsonObject): void {
  const [other] = Object.keys(rest);
  if (other !== undefined) throw refused(`${field}.${other}`, `${field}.${other} is not known here, and would have no effect`, "Leave it out.");
}
