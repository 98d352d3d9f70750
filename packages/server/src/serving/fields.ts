import type { JsonObject, JsonValue } from "@cutaway/core";
import { refused } from "./api-error.ts";

/** A body read field by field. `null` is what clients send for a field they leave out. What was not read at the end has no effect, and is refused. */
export class Fields {
  readonly #body: JsonObject;
  readonly #read = new Set<string>();

  constructor(body: JsonObject) {
    this.#body = body;
  }

  value(name: string): JsonValue | undefined {
    this.#read.add(name);
    return this.#body[name] ?? undefined;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === "number" && Number.isFinite(value))) return value;
    throw wrong(name, "a number", value);
  }

  whole(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.value(name);
    if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most))
      return value as number | undefined;
    throw wrong(name, most === Number.MAX_SAFE_INTEGER ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`, value);
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "boolean") return value;
    throw wrong(name, "true or false", value);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === "string") return value;
    throw wrong(name, "a text", value);
  }

  /** A field of which only values that change nothing are taken. */
  neutral(name: string, values: readonly JsonValue[], why: string): void {
    const value = this.value(name);
    if (value === undefined || values.some((each) => JSON.stringify(each) === JSON.stringify(value))) return;
    throw refused(name, `${name} would have no effect: ${why}`, `Leave ${name} out.`);
  }

  /** @throws for the first field that nobody has read */
  end(): void {
    for (const [name, value] of Object.entries(this.#body)) {
      if (this.#read.has(name) || value === null) continue;
      throw refused(name.slice(0, 100), `${shown(name)} is not known here, and would have no effect`, "Leave it out.");
    }
  }
}

export const wrong = (name: string, takes: string, value: JsonValue): Error => refused(name, `${name} takes ${takes}; ${shown(value)} was given.`);

const shown = (value: JsonValue): string => {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};
