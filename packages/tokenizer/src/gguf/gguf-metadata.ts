import { CutawayError } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";

/** The metadata of a GGUF file, read with the type that the tokenizer needs. `name` names the file in errors. */
export class GgufMetadata {
  readonly #values: ReadonlyMap<string, GgufValue>;
  readonly name: string;

  constructor(values: ReadonlyMap<string, GgufValue>, name: string) {
    this.#values = values;
    this.name = name;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  string(key: string): string | undefined {
    const value = this.#values.get(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.bad(`${key} is not a string`);
  }

  boolean(key: string): boolean | undefined {
    const value = this.#values.get(key);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.bad(`${key} is not true or false`);
  }

  strings(key: string): readonly string[] {
    const value = this.#values.get(key);
    if (value === undefined) throw this.bad(`${key} is missing`);
    // A GGUF array has one element type, so that its first element tells for all.
    if (Array.isArray(value) && (value.length === 0 || typeof value[0] === "string")) return value as readonly string[];
    throw this.bad(`${key} is not a list of strings`);
  }

  integers(key: string): Int32Array | Uint32Array | undefined {
    const value = this.#values.get(key);
    if (value === undefined || value instanceof Int32Array || value instanceof Uint32Array) return value;
    throw this.bad(`${key} is not a list of 32-bit integers`);
  }

  numbers(key: string): Float32Array | undefined {
    const value = this.#values.get(key);
    if (value === undefined || value instanceof Float32Array) return value;
    throw this.bad(`${key} is not a list of 32-bit floats`);
  }

  bytes(key: string): Uint8Array | undefined {
    const value = this.#values.get(key);
    if (value === undefined || value instanceof Uint8Array) return value;
    if (value instanceof Int8Array) return new Uint8Array(value.buffer, value.byteOffset, value.length);
    throw this.bad(`${key} is not a list of bytes`);
  }

  /** The id of a token; absent where the file names none, or one that its vocabulary does not have. */
  id(key: string, tokens: number): number | undefined {
    const value = this.#values.get(key);
    return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < tokens ? value : undefined;
  }

  bad(what: string): CutawayError {
    return new CutawayError("bad-tokenizer", `${this.name} holds no usable tokenizer: ${what}`, {
      fix: "Use the file as its publisher made it, or convert the model again.",
      data: { file: this.name },
    });
  }

  unsupported(what: string, fix: string): CutawayError {
    return new CutawayError("unsupported-tokenizer", `${this.name} has ${what}`, { fix, data: { file: this.name } });
  }
}
