import { schemaTooLarge } from "./errors.ts";
import type { SchemaLimits } from "./options.ts";
import type { Place } from "./places.ts";

/** What is left of a schema's limits; it knows the place that is being read, so that it can say where it ran out. */
export class Budget {
  readonly limits: SchemaLimits;
  place: Place | undefined;
  keyword: string | undefined;
  #clauses = 0;
  #deadline: number;

  constructor(limits: SchemaLimits) {
    this.limits = limits;
    this.#deadline = performance.now() + limits.milliseconds;
  }

  /** The schema is compiled: what is still read, when an answer comes to it, has no deadline, and a count of its own. */
  compiled(): void {
    this.#deadline = Infinity;
    this.#clauses = 0;
  }

  /** @throws `schema-too-large` */
  clause(count = 1): void {
    this.#clauses += count;
    if (this.#clauses > this.limits.clauses) throw this.#out(`more than ${this.limits.clauses} combinations of its conditions`);
    if (this.#clauses % 32 === 0) this.time();
  }

  alternatives(count: number): void {
    if (count > this.limits.alternatives) throw this.#out(`more than ${this.limits.alternatives} alternatives`);
  }

  time(): void {
    if (performance.now() > this.#deadline) throw this.#out(`more than ${this.limits.milliseconds} ms`);
  }

  #out(says: string): Error {
    const raw = this.place?.raw ?? {};
    const multiplying = [this.keyword ?? "", "oneOf", "anyOf", "if", "dependentRequired", "dependentSchemas", "dependencies", "enum", "allOf", "not"];
    const keyword = multiplying.find((one) => Object.hasOwn(raw, one));
    return schemaTooLarge(this.place?.pointer ?? "", keyword, says);
  }
}
