import { CutawayError } from "@cutaway/core";

/** A parameter whose value cannot be. rule  what it takes, as the rest of a sentence about it. */
export function invalidParameter(name: string, rule: string, value: unknown): CutawayError {
  const given = (JSON.stringify(value) ?? String(value)).slice(0, 100);
  return new CutawayError("invalid-parameter", `${name} ${rule}; ${given} was given`, {
    fix: `Give ${name} another value.`,
    data: { parameter: name },
  });
}
