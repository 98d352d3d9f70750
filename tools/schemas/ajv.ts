import { Ajv, type Options } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** What is wrong with a value; undefined: nothing. */
export type Validator = (value: unknown) => string | undefined;

const options: Options = { strict: false, logger: false, multipleOfPrecision: 9, unicodeRegExp: true };

/** Those of JSON Schema itself: it leaves the others, such as OpenAPI's int32, to say nothing. */
const formats = [
  "date-time",
  "date",
  "time",
  "duration",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uri",
  "uri-reference",
  "uri-template",
  "uuid",
  "json-pointer",
  "relative-json-pointer",
  "regex",
] as const;

/** ajv's validator of a schema, by the draft it names; undefined: ajv does not take the schema. */
export const ajvFor = (schema: unknown): Validator | undefined => {
  const named = typeof schema === "object" && schema !== null ? String((schema as { $schema?: unknown }).$schema ?? "") : "";
  const old = /draft-0[3467]/.test(named);
  const ajv = old ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv, [...formats]);
  try {
    const { $schema: _, ...rest } = schema as Record<string, unknown>;
    const validate = ajv.compile(old ? (withoutHidden(rest) as object) : rest);
    return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors));
  } catch {
    return undefined;
  }
};

/** Up to draft 7, what stands beside `$ref` says nothing; ajv 8 reads it all the same. */
const withoutHidden = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(withoutHidden);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema);
  const kept =
    typeof (schema as { $ref?: unknown }).$ref === "string" ? entries.filter(([key]) => ["$ref", "definitions", "$defs"].includes(key)) : entries;
  return Object.fromEntries(kept.map(([key, value]) => [key, ["enum", "const", "default", "examples"].includes(key) ? value : withoutHidden(value)]));
};
