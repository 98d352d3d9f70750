import { CutawayError } from "@cutaway/core";

const at = (pointer: string): string => (pointer === "" ? "at its top" : `at ${pointer}`);

/** The schema is no schema: a keyword has a value that it cannot have. */
export const invalidSchema = (pointer: string, keyword: string, says: string): CutawayError =>
  new CutawayError("schema-invalid", `The schema ${at(pointer)}: “${keyword}” ${says}.`, {
    data: { pointer, keyword },
    fix: "Correct the schema there.",
  });

/** The keyword is understood, but it cannot be turned into a grammar. */
export const unsupportedSchema = (pointer: string, keyword: string, says: string): CutawayError =>
  new CutawayError("schema-unsupported", `The schema ${at(pointer)}: “${keyword}” cannot be enforced token by token: ${says}.`, {
    data: { pointer, keyword },
    fix: "Loosen the schema there, or ask for it to be checked afterwards.",
  });

/** The schema needs more work than it may cost. */
export const schemaTooLarge = (pointer: string, keyword: string | undefined, says: string): CutawayError =>
  new CutawayError("schema-too-large", `The schema ${at(pointer)}${keyword === undefined ? "" : `: “${keyword}”`} is too much work: ${says}.`, {
    data: keyword === undefined ? { pointer } : { pointer, keyword },
    fix: "Make the schema smaller there: fewer alternatives that overlap, less nesting.",
  });

/** No JSON value at all is valid. */
export const unsatisfiable = (): CutawayError =>
  new CutawayError("schema-unsatisfiable", "No JSON value is valid under this schema: its conditions contradict each other.", {
    data: { pointer: "" },
    fix: "Look for a type, a range or a required property that another part of the schema rules out.",
  });
