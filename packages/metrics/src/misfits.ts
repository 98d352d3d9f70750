import { isJsonObject, type JsonObject, type JsonValue, type Span } from "@cutaway/core";
import { type JsonNode, jsonNodes } from "./json-nodes.ts";

/** A place where a JSON text does not fit its schema. */
export interface Misfit {
  span: Span;
  /** Where in the value: `$.user.items[3]`. */
  path: string;
  /** With its path: "$.unit is missing". */
  says: string;
}

export interface MisfitOptions {
  /** Keys that the schema does not name are wrong everywhere, as in providers' strict mode. */
  strict?: boolean;
  /** Stop after so many. */
  limit?: number;
}

/**
 * Where a JSON text contradicts the plain part of a JSON Schema: types, required and unknown keys, enumerations, within objects and
 * arrays. Silent about what references and combinations (`$ref`, `anyOf`, …) say.
 * text  must be JSON: check it with `scanJson` before
 */
export function misfits(text: string, schema: JsonValue, { strict = false, limit = 5 }: MisfitOptions = {}): Misfit[] {
  const found: Misfit[] = [];
  let left = maxNodes;
  const visit = (node: JsonNode, schema: JsonValue | undefined, path: string) => {
    if (
      left-- <= 0 ||
      found.length >= limit ||
      !isJsonObject(schema) ||
      combining.some((key) => Object.hasOwn(schema, key)) ||
      node.type === "deeper"
    )
      return;
    const misfit = (span: Span, at: string, says: string) => found.push({ span, path: at, says: `${at} ${says}` });
    const wanted = wantedTypes(schema);
    if (wanted && !wanted.some((type) => isOf(node, type))) {
      misfit(node.span, path, `is ${naming[node.type]} where the schema wants ${wanted.map((type) => naming[type]).join(" or ")}`);
      return;
    }
    const values = enumeration(schema);
    if (values && node.type !== "object" && node.type !== "array" && !values.includes(node.type === "null" ? null : node.value)) {
      const is = text.slice(node.span.start, node.span.end).slice(0, 60);
      const allowed = values.slice(0, 8).map((value) => JSON.stringify(value).slice(0, 60));
      misfit(node.span, path, `is ${is}, and the schema allows ${allowed.join(", ")}${values.length > 8 ? ", …" : ""}`);
    }
    if (node.type === "array") for (const [i, item] of node.items.entries()) visit(item, schema.items, `${path}[${i}]`);
    if (node.type !== "object") return;
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    const present = new Set(node.members.map(({ key }) => key));
    for (const key of Array.isArray(schema.required) ? schema.required : []) {
      if (typeof key === "string" && !present.has(key)) misfit(node.span, at(path, key), "is missing");
    }
    const closed = (strict || schema.additionalProperties === false) && !isJsonObject(schema.patternProperties);
    for (const { key, node: member } of node.members) {
      if (Object.hasOwn(properties, key)) visit(member, properties[key], at(path, key));
      else if (closed) misfit(member.span, at(path, key), "is no key of the schema");
    }
  };
  visit(jsonNodes(text), schema, "$");
  return found.slice(0, limit);
}

/** Values looked at: a text can be long, and so can an enumeration. */
const maxNodes = 20_000;
const maxEnumeration = 1_000;

/** Keywords under which the plain ones no longer say everything. */
const combining = ["$ref", "$dynamicRef", "anyOf", "oneOf", "allOf", "not", "if"];

const naming = {
  object: "an object",
  array: "a list",
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "null",
} as const;
type TypeName = keyof typeof naming;

const isTypeName = (type: unknown): type is TypeName => typeof type === "string" && Object.hasOwn(naming, type);

/** undefined where the schema names none, or one that is not known. */
function wantedTypes(schema: JsonObject): TypeName[] | undefined {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (!types.every(isTypeName) || types.length === 0) return undefined;
  return schema.nullable === true ? [...types, "null"] : types;
}

const isOf = (node: JsonNode, type: TypeName) => node.type === type || (type === "integer" && node.type === "number" && Number.isInteger(node.value));

/** The values allowed; undefined where any is, or where one of them is itself an object or a list. */
function enumeration(schema: JsonObject): JsonValue[] | undefined {
  const values = Object.hasOwn(schema, "const") && schema.const !== undefined ? [schema.const] : schema.enum;
  return Array.isArray(values) && values.length <= maxEnumeration && values.every((value) => typeof value !== "object" || value === null)
    ? values
    : undefined;
}

const at = (path: string, key: string) => (/^[\w$-]{1,60}$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key.slice(0, 60))}]`);
