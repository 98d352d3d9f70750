/** One place where a value is not as the schema wants it. */
export interface Violation {
  /** JSON pointer into the value. */
  at: string;
  /** JSON pointer into the schema, and the keyword there. */
  pointer: string;
  keyword: string;
  says: string;
}

/** What a schema said of one value, and which of its parts were looked at (which is what unevaluatedProperties and unevaluatedItems ask). */
export interface Outcome {
  readonly violations: Violation[];
  readonly names: Set<string>;
  readonly items: Set<number>;
}

export const fresh = (): Outcome => ({ violations: [], names: new Set(), items: new Set() });

/** Takes over what another schema looked at, and what it found wrong. */
export const include = (into: Outcome, other: Outcome): void => {
  for (const violation of other.violations) into.violations.push(violation);
  if (other.violations.length > 0) return;
  for (const name of other.names) into.names.add(name);
  for (const item of other.items) into.items.add(item);
};
