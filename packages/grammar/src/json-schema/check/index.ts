import type { Deferred, SchemaOptions } from "../options.ts";
import { Checker } from "./checker.ts";
import type { Violation } from "./violation.ts";

export type { Violation };

export interface ValueCheck {
  /** Everything that is wrong with the value; empty: it is valid, as far as `unchecked` leaves nothing open. */
  readonly violations: readonly Violation[];
  /** Keywords that were met and could not be decided. */
  readonly unchecked: readonly Deferred[];
}

/**
 * Whether a finished value is valid under a schema, by reading the schema itself and not a grammar of it: every keyword, those included that
 * `compileSchema` leaves to be checked afterwards.
 * @throws `schema-invalid` and `schema-unsupported` for references that lead nowhere, `schema-too-large` for endless work
 */
export const checkValue = (schema: unknown, value: unknown, options: SchemaOptions = {}): ValueCheck => {
  const checker = new Checker(schema, options);
  return { violations: checker.check(checker.places.top(schema), value, "").violations, unchecked: checker.unchecked };
};
