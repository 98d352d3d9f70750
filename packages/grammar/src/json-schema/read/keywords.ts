import { invalidSchema } from "../errors.ts";
import type { Place } from "../places.ts";

/** The values of a place's keywords, each checked to be what the keyword takes. @throws `schema-invalid` */
export class Keywords {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  has(keyword: string): boolean {
    return Object.hasOwn(this.place.raw, keyword);
  }

  get(keyword: string): unknown {
    return Object.hasOwn(this.place.raw, keyword) ? this.place.raw[keyword] : undefined;
  }

  number(keyword: string): number | undefined {
    const value = this.get(keyword);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) throw this.invalid(keyword, "is not a number");
    return value;
  }

  /** A whole number, not negative. */
  count(keyword: string): number | undefined {
    const value = this.number(keyword);
    if (value !== undefined && (!Number.isInteger(value) || value < 0)) throw this.invalid(keyword, "is not a whole number from 0 on");
    return value === undefined ? undefined : Math.min(value, 2 ** 31 - 2);
  }

  string(keyword: string): string | undefined {
    const value = this.get(keyword);
    if (value !== undefined && typeof value !== "string") throw this.invalid(keyword, "is not a string");
    return value as string | undefined;
  }

  list(keyword: string): readonly unknown[] | undefined {
    const value = this.get(keyword);
    if (value !== undefined && !Array.isArray(value)) throw this.invalid(keyword, "is not a list");
    return value as readonly unknown[] | undefined;
  }

  /** A list of schemas, which may not be empty. */
  schemas(keyword: string): readonly unknown[] | undefined {
    const value = this.list(keyword);
    if (value?.length === 0) throw this.invalid(keyword, "is an empty list");
    return value;
  }

  strings(keyword: string): readonly string[] | undefined {
    const value = this.list(keyword);
    if (value !== undefined && !value.every((entry) => typeof entry === "string")) throw this.invalid(keyword, "is not a list of names");
    return value as readonly string[] | undefined;
  }

  record(keyword: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.get(keyword);
    if (value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value))) throw this.invalid(keyword, "is not an object");
    return value as Readonly<Record<string, unknown>> | undefined;
  }

  invalid(keyword: string, says: string): Error {
    return invalidSchema(this.place.pointer, keyword, says);
  }
}
