import { CutawayError } from "@cutaway/core";

/** No regular expression of ECMA-262. */
export const regexInvalid = (pattern: string, position: number, says: string): CutawayError =>
  new CutawayError("regex-invalid", `The pattern ${shown(pattern)} is wrong at character ${position}: ${says}.`, { data: { pattern, position } });

/** A regular expression, but none that says which texts are meant in a way that can be followed letter by letter. */
export const regexUnsupported = (pattern: string, position: number, says: string, fix?: string): CutawayError =>
  new CutawayError("regex-unsupported", `The pattern ${shown(pattern)} cannot be followed at character ${position}: ${says}.`, {
    data: { pattern, position },
    fix,
  });

export const regexTooLarge = (pattern: string, position: number, says: string): CutawayError =>
  new CutawayError("regex-too-large", `The pattern ${shown(pattern)} is too large at character ${position}: ${says}.`, {
    data: { pattern, position },
    fix: "Say it with fewer or smaller repetitions.",
  });

const shown = (pattern: string): string => JSON.stringify(pattern.length > 80 ? `${pattern.slice(0, 77)}…` : pattern);
