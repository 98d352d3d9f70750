import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import { badModel, unsupportedModel } from "../engine/unsupported-model.ts";

/** Reads the fields of a config.json; absurd values end in an error that names file and field. */
export class ConfigReader {
  readonly #fields: JsonObject;
  readonly #file: string;
  readonly #nameOf: (field: string) => string;

  /** `nameOf`: what the file itself calls a field. */
  constructor(fields: JsonObject, file: string, nameOf: (field: string) => string = (field) => field) {
    this.#fields = fields;
    this.#file = file;
    this.#nameOf = nameOf;
  }

  /** Absent and null are the same. */
  get(name: string): JsonValue | undefined {
    return this.#fields[name] ?? undefined;
  }

  /** A whole number from 1 to `maximum`. */
  count(name: string, maximum: number, fallback?: number): number {
    const value = this.get(name) ?? fallback;
    if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maximum) return value as number;
    if (Array.isArray(value)) throw this.unsupported(`${this.#nameOf(name)} is a list; it must be one number for all layers`);
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be a whole number from 1 to ${maximum}`, { field: name });
  }

  /** A number above 0. */
  positive(name: string, fallback?: number): number {
    const value = this.get(name) ?? fallback;
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be a number above 0`, { field: name });
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.get(name) ?? fallback;
    if (typeof value === "boolean") return value;
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be true or false`, { field: name });
  }

  /** One of the texts that are known. */
  choice<Known extends string>(name: string, known: readonly Known[], fallback?: Known): Known {
    const value = this.get(name) ?? fallback;
    const found = known.find((one) => one === value);
    if (found !== undefined) return found;
    throw unsupportedModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; known are ${known.join(", ")}`, { field: name });
  }

  texts(name: string): string[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value as string[];
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be a list of texts`, { field: name });
  }

  numbers(name: string): number[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((one) => typeof one === "number" && Number.isFinite(one))) return value as number[];
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be a list of numbers`, { field: name });
  }

  /** The fields of an object inside; absent where there is none. */
  object(name: string): ConfigReader | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return new ConfigReader(value, `${this.#file}, ${name}`);
    throw badModel(`${this.#file}: ${this.#nameOf(name)} is ${describe(value)}; it must be an object`, { field: name });
  }

  /** Other fields, of the same file. */
  derived(fields: JsonObject): ConfigReader {
    return new ConfigReader(fields, this.#file, this.#nameOf);
  }

  unsupported(what: string): Error {
    return unsupportedModel(`${this.#file}: ${what}`);
  }

  /** An error about one field: `must` says what it must be, `is` (default: its value) what it is. */
  badField(name: string, must: string, is = `is ${describe(this.get(name))}`): Error {
    return badModel(`${this.#file}: ${this.#nameOf(name)} ${is}; it must be ${must}`, { field: name });
  }

  bad(what: string): Error {
    return badModel(`${this.#file}: ${what}`);
  }
}

const describe = (value: JsonValue | undefined): string => (value === undefined ? "missing" : JSON.stringify(value).slice(0, 60));
