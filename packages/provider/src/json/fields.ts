import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";

/** Readers of fields whose type nobody guarantees: the value where it has the type, otherwise undefined. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A string that is not empty: some servers send `""` where others send nothing. */
export const filledOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

export const numberOf = (value: unknown): number | undefined => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

/** A count: a finite number that is not negative. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;

export const booleanOf = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

export const objectOf = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);

/** The array, or an empty one. */
export const listOf = (value: unknown): JsonValue[] => (Array.isArray(value) ? value : []);

/** The array's objects; whatever else stands in it is left out. */
export const objectsOf = (value: unknown): JsonObject[] => listOf(value).filter(isJsonObject);

/** A copy without the keys whose value is undefined, so that absent and unknown are the same thing. */
export function known<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
  return value;
}
