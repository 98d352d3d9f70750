import { isCutawayError } from "@cutaway/core";
import { regexText } from "../../regex/index.ts";
import { formatText } from "../../text/formats.ts";
import { matchesText, type Text } from "../../text/index.ts";
import { schemaTooLarge } from "../errors.ts";
import type { Deferred, SchemaOptions } from "../options.ts";
import { type Place, Places } from "../places.ts";
import { Keywords } from "../read/keywords.ts";
import { typesOf } from "../read/types.ts";
import { canonical } from "../read/values.ts";
import { checkArray } from "./arrays.ts";
import { checkLogic } from "./logic.ts";
import { checkObject } from "./objects.ts";
import { isOfType, lengthFaults, numberFaults, typeOf } from "./scalars.ts";
import { fresh, include, type Outcome } from "./violation.ts";

const mostSteps = 2_000_000;

/** A value read against a schema, keyword by keyword: every keyword, also those that no grammar can hold. */
export class Checker {
  readonly places: Places;
  /** Keywords that were met and could not be decided. */
  readonly unchecked: Deferred[] = [];
  readonly #options: SchemaOptions;
  readonly #patterns = new Map<string, Text | undefined>();
  readonly #path = new Set<string>();
  #steps = 0;

  constructor(schema: unknown, options: SchemaOptions) {
    this.places = new Places(schema, options.dialect ?? "lenient", options.documents);
    this.#options = options;
  }

  /** @param at JSON pointer of the value in the whole answer */
  check(place: Place | boolean, value: unknown, at: string): Outcome {
    const outcome = fresh();
    if (place === true) return outcome;
    if (place === false) {
      outcome.violations.push({ at, pointer: "", keyword: "false", says: "nothing may stand here" });
      return outcome;
    }
    const here = `${place.id} ${at}`;
    if (this.#path.has(here)) return outcome; // it refers to itself without reading on: that says nothing
    if (++this.#steps > mostSteps) throw schemaTooLarge(place.pointer, undefined, `more than ${mostSteps} steps to check one value`);
    this.#path.add(here);
    try {
      this.#keywords(new Keywords(place), value, at, outcome);
    } finally {
      this.#path.delete(here);
    }
    return outcome;
  }

  #keywords(keywords: Keywords, value: unknown, at: string, outcome: Outcome): void {
    const { place } = keywords;
    const fault = (keyword: string, says: string): void => {
      outcome.violations.push({ at, pointer: place.pointer, keyword, says });
    };
    const child = (schema: unknown, part: unknown, partAt: string, ...path: (string | number)[]): Outcome => {
      const inner = this.check(this.places.child(place, schema, ...path), part, partAt);
      // what forbids everything has no keyword of its own to name
      if (schema === false) for (const one of inner.violations) [one.pointer, one.keyword] = [place.pointer, String(path[0])];
      return inner;
    };
    const reference = keywords.get("$ref");
    if (typeof reference === "string") {
      include(outcome, this.check(this.places.follow(place, "$ref", reference), value, at));
      if (place.dialect === "draft7") return;
    }
    const dynamic = place.dialect === "draft7" ? undefined : keywords.string("$dynamicRef");
    if (dynamic !== undefined) include(outcome, this.check(this.places.followDynamic(place, dynamic), value, at));

    const allowed = typesOf(keywords);
    if (allowed !== undefined && ![...allowed].some((one) => isOfType(value, one)))
      fault("type", `it is of type ${typeOf(value)}, not ${[...allowed].join(" or ")}`);
    if (keywords.has("const") && canonical(keywords.get("const")) !== canonical(value)) fault("const", "it is another value");
    const values = keywords.list("enum");
    if (values !== undefined && !values.some((one) => canonical(one) === canonical(value))) fault("enum", "it is none of the values that are listed");

    if (typeof value === "number") for (const [keyword, says] of numberFaults(keywords, value)) fault(keyword, says);
    if (typeof value === "string") this.#string(keywords, value, fault);
    checkLogic(keywords, value, at, outcome, child, fault);
    if (Array.isArray(value)) checkArray(keywords, value, at, outcome, child, fault);
    else if (typeof value === "object" && value !== null) {
      checkObject(keywords, value as Record<string, unknown>, at, outcome, child, fault, (pattern, name) =>
        this.matches(place, "patternProperties", pattern, name),
      );
    }
  }

  #string(keywords: Keywords, value: string, fault: (keyword: string, says: string) => void): void {
    for (const [keyword, says] of lengthFaults(keywords, value)) fault(keyword, says);
    const pattern = keywords.string("pattern");
    if (pattern !== undefined && this.matches(keywords.place, "pattern", pattern, value) === false) fault("pattern", `it does not match ${pattern}`);
    const format = keywords.string("format");
    const language = format === undefined || this.#options.formats === "annotate" ? undefined : formatText(format);
    if (language !== undefined && !matchesText(language, value)) fault("format", `it is no ${format}`);
  }

  /** undefined: the pattern cannot be decided here, which is taken down. */
  matches(place: Place, keyword: string, pattern: string, value: string): boolean | undefined {
    if (!this.#patterns.has(pattern)) this.#patterns.set(pattern, this.#readPattern(place, keyword, pattern));
    const text = this.#patterns.get(pattern);
    return text === undefined ? undefined : matchesText(text, value);
  }

  #readPattern(place: Place, keyword: string, pattern: string): Text | undefined {
    try {
      return regexText(pattern);
    } catch (error) {
      if (!isCutawayError(error)) throw error;
      this.unchecked.push({ pointer: place.pointer, keyword, says: error.message });
      return undefined;
    }
  }
}
