import { CutawayError, isJsonObject, type JsonObject, type JsonValue, type Parameters, type WireFormat } from "@cutaway/core";
import { deepEqual } from "../json/deep-equal.ts";
import { booleanOf, filledOf, numberOf } from "../json/fields.ts";
import { valueAt } from "../json/path.ts";

/** How one parameter stands in the bodies of one wire format. */
export interface ParameterField<Name extends keyof Parameters = keyof Parameters> {
  name: Name;
  /** The body's fields it is made of, dotted from the root. */
  paths: readonly string[];
  read(body: JsonObject): Parameters[Name] | undefined;
  /** `undefined` removes it. */
  write(body: JsonObject, value: Parameters[Name] | undefined): void;
}

/** Type inference for a table's entry: `write` and `read` agree on the parameter's type. */
export const field = <Name extends keyof Parameters>(entry: ParameterField<Name>): ParameterField => entry as unknown as ParameterField;

export const numberField = (name: NumberParameter, path: string): ParameterField =>
  field({ name, paths: [path], read: (body) => numberOf(valueAt(body, path)), write: (body, value) => put(body, path, value) });

export const booleanField = (name: BooleanParameter, path: string): ParameterField =>
  field({ name, paths: [path], read: (body) => booleanOf(valueAt(body, path)), write: (body, value) => put(body, path, value) });

export const textField = (name: TextParameter, path: string): ParameterField =>
  field({ name, paths: [path], read: (body) => filledOf(valueAt(body, path)), write: (body, value) => put(body, path, value) });

type NumberParameter = { [K in keyof Parameters]-?: NonNullable<Parameters[K]> extends number ? K : never }[keyof Parameters];
type BooleanParameter = { [K in keyof Parameters]-?: NonNullable<Parameters[K]> extends boolean ? K : never }[keyof Parameters];
type TextParameter = { [K in keyof Parameters]-?: NonNullable<Parameters[K]> extends string ? K : never }[keyof Parameters];

/** Stop sequences: one string or a list; one that stood as a string stays one. */
export const stopField = (path: string): ParameterField =>
  field({
    name: "stop",
    paths: [path],
    read(body) {
      const value = valueAt(body, path);
      if (typeof value === "string") return [value];
      return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
    },
    write(body, value) {
      const wasText = typeof valueAt(body, path) === "string";
      put(body, path, value && wasText && value.length === 1 ? value[0] : value);
    },
  });

/** Sets, or with undefined removes, the field at `a.b`; objects on the way are made, and removed when they end empty. */
export function put(body: JsonObject, path: string, value: JsonValue | undefined): void {
  const dot = path.indexOf(".");
  if (dot < 0) {
    if (value === undefined) delete body[path];
    else body[path] = value;
    return;
  }
  const key = path.slice(0, dot);
  const below = body[key];
  const parent: JsonObject = isJsonObject(below) ? below : {};
  put(parent, path.slice(dot + 1), value);
  if (Object.keys(parent).length > 0) body[key] = parent;
  else delete body[key];
}

export function readParameters(body: JsonObject, fields: readonly ParameterField[]): Parameters {
  const parameters: Parameters = {};
  for (const entry of fields) {
    const value = entry.read(body);
    if (value !== undefined) Object.assign(parameters, { [entry.name]: value });
  }
  return parameters;
}

/** Writes over `body` what differs between `before` and `after`, in the order of the table. */
export function writeParameters(
  body: JsonObject,
  before: Parameters,
  after: Parameters,
  fields: readonly ParameterField[],
  format: WireFormat,
): void {
  for (const [name, value] of Object.entries(after)) {
    if (value !== undefined && !deepEqual(value, before[name as keyof Parameters]) && !fields.some((entry) => entry.name === name))
      throw notSupported(name, format, fields);
  }
  for (const entry of fields) if (!deepEqual(after[entry.name], before[entry.name])) entry.write(body, after[entry.name]);
}

export function notSupported(name: string, format: WireFormat, fields: readonly ParameterField[]): CutawayError {
  return new CutawayError("parameter-not-supported", `${name} cannot be set: the ${format} format has no such parameter`, {
    data: { parameter: name, format, supported: fields.map((entry) => entry.name) },
    fix: `${format} has ${fields.map((entry) => entry.name).join(", ")}.`,
  });
}

/**
 * The dotted paths of the fields that are kept and not interpreted.
 * structural  top-level fields that are read as messages, tools, model
 */
export function unreadFields(body: JsonObject, structural: ReadonlySet<string>, fields: readonly ParameterField[]): string[] {
  const read = new Set(fields.filter((entry) => entry.read(body) !== undefined).flatMap((entry) => entry.paths));
  const known = new Set(fields.flatMap((entry) => entry.paths));
  const walk = (value: JsonObject, prefix: string): string[] =>
    Object.entries(value).flatMap(([key, item]) => {
      const path = `${prefix}${key}`;
      if (item === undefined || read.has(path) || (prefix === "" && structural.has(key))) return [];
      if (item === null && (known.has(path) || [...known].some((other) => other.startsWith(`${path}.`)))) return [];
      const hasReadBelow = isJsonObject(item) && [...read].some((other) => other.startsWith(`${path}.`));
      return hasReadBelow ? walk(item as JsonObject, `${path}.`) : [path];
    });
  return walk(body, "");
}
