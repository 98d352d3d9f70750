import { CutawayError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";

/** A place in a tokenizer.json, for reading its fields and for naming them in errors. */
export class Fields {
  readonly json: JsonObject;
  readonly path: string;
  readonly file: string;

  constructor(json: JsonValue | undefined, path: string, file: string) {
    this.path = path;
    this.file = file;
    if (!isJsonObject(json)) throw this.bad(`${path || "the whole"} is ${kindOf(json)} where an object belongs`);
    this.json = json;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined && this.get(name) !== null;
  }

  get(name: string): JsonValue | undefined {
    return Object.hasOwn(this.json, name) ? this.json[name] : undefined;
  }

  object(name: string): Fields {
    return new Fields(this.get(name), this.at(name), this.file);
  }

  objects(name: string): Fields[] {
    return this.list(name).map((item, index) => new Fields(item, `${this.at(name)}[${index}]`, this.file));
  }

  list(name: string): JsonValue[] {
    const value = this.get(name);
    if (!Array.isArray(value)) throw this.wrong(name, "a list");
    return value;
  }

  string(name: string): string {
    const value = this.get(name);
    if (typeof value !== "string") throw this.wrong(name, "a string");
    return value;
  }

  /** `otherwise` stands in for an absent field; without it the field is required. */
  boolean(name: string, otherwise?: boolean): boolean {
    const value = this.get(name) ?? otherwise;
    if (typeof value !== "boolean") throw this.wrong(name, "true or false");
    return value;
  }

  integer(name: string, most: number): number {
    const value = this.get(name);
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most)
      throw this.wrong(name, `a whole number from 0 to ${most}`);
    return value;
  }

  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  wrong(name: string, expected: string): CutawayError {
    return this.bad(`${this.at(name)} is ${kindOf(this.get(name))} where ${expected} belongs`);
  }

  /** The file is broken. */
  bad(what: string): CutawayError {
    return new CutawayError("bad-tokenizer", `${this.file} is not a usable tokenizer.json: ${what}`, {
      fix: "Use the file as its author published it, or one saved by the tokenizers library.",
      data: { file: this.file, at: this.path },
    });
  }

  /** The file is right, and asks for what is not built. */
  unsupported(family: string): CutawayError {
    return new CutawayError("unsupported-tokenizer", `${this.file} holds a tokenizer that is not read: ${family}`, {
      fix: "BPE (byte-level and SentencePiece-style), Unigram and WordPiece are read; report what is missing.",
      data: { file: this.file, family, at: this.path },
    });
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
