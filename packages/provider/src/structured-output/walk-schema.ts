import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";

/** A schema inside a schema. */
export interface SchemaPlace {
  schema: JsonObject;
  /** JSON pointer from the root; `""` is the root itself. */
  pointer: string;
  /** Objects round it, by `properties` and the like. */
  objects: number;
}

const oneSchema = [
  "items",
  "additionalItems",
  "unevaluatedItems",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "contentSchema",
];
const listOfSchemas = ["items", "prefixItems", "allOf", "anyOf", "oneOf"];
const mapOfSchemas = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
const intoObject = new Set(["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"]);

/** Every schema in it that is an object (not `true` or `false`), the root first, each once. What stands in `enum`, `const` or `default` is no schema. */
export function* schemaPlaces(root: JsonObject): Generator<SchemaPlace> {
  const open: SchemaPlace[] = [{ schema: root, pointer: "", objects: 0 }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    yield place;
    open.push(...placesIn(place).reverse());
  }
}

function placesIn({ schema, pointer, objects }: SchemaPlace): SchemaPlace[] {
  const found: SchemaPlace[] = [];
  const add = (value: JsonValue | undefined, path: string, keyword: string): void => {
    if (isJsonObject(value)) found.push({ schema: value, pointer: `${pointer}/${path}`, objects: objects + (intoObject.has(keyword) ? 1 : 0) });
  };
  for (const keyword of oneSchema) add(schema[keyword], keyword, keyword);
  for (const keyword of listOfSchemas) {
    const list = schema[keyword];
    if (Array.isArray(list)) for (const [i, item] of list.entries()) add(item, `${keyword}/${i}`, keyword);
  }
  for (const keyword of mapOfSchemas) {
    const map = schema[keyword];
    if (isJsonObject(map)) for (const [name, item] of Object.entries(map)) add(item, `${keyword}/${escaped(name)}`, keyword);
  }
  return found;
}

/** A name as one step of a JSON pointer (RFC 6901). */
export const escaped = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** What JSON Schema says of a schema without holding anything to it. */
export const annotations: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

export const typesOf = (schema: JsonObject): string[] => {
  const { type } = schema;
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === "string");
};

/** The schema is one of an object, said or shown by its keywords. */
export const isObjectSchema = (schema: JsonObject): boolean => typesOf(schema).includes("object") || isJsonObject(schema.properties);
