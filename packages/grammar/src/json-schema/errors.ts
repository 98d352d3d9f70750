import { CutawayError, isCutawayError } from "@cutaway/core";
import type { Source } from "../expressions/index.ts";

const longest = 120;
const at = (pointer: string): string => {
  if (pointer === "") return "at its top";
  return pointer.length <= longest ? `at ${pointer}` : `at ${pointer.slice(0, longest / 2)}…${pointer.slice(-longest / 2)}`;
};
const withoutStop = (says: string): string => (says.endsWith(".") ? says.slice(0, -1) : says);

/** The schema is no schema: a keyword has a value that it cannot have. */
export const invalidSchema = (pointer: string, keyword: string, says: string): CutawayError =>
  new CutawayError("schema-invalid", `The schema ${at(pointer)}: “${keyword}” ${withoutStop(says)}.`, {
    data: { pointer, keyword },
    fix: "Correct the schema there.",
  });

/** The keyword is understood, but it cannot be turned into a grammar. */
export const unsupportedSchema = (pointer: string, keyword: string, says: string): CutawayError =>
  new CutawayError("schema-unsupported", `The schema ${at(pointer)}: “${keyword}” cannot be enforced token by token: ${withoutStop(says)}.`, {
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

/** Does what may run into a limit of expressions; an error says where in the schema that was. */
export const located = <T>(sources: readonly Source[], make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) throw error; // the stack is full: nothing may be called here
    const [source] = sources.filter(({ keyword }) => keyword !== "type");
    if (!isCutawayError(error) || error.code !== "grammar-too-large" || error.data.pointer !== undefined || source === undefined) throw error;
    const { pointer = "", keyword } = source;
    throw new CutawayError(error.code, `The schema ${at(pointer)}${keyword === undefined ? "" : `, “${keyword}”`}: ${error.message}`, {
      data: { ...error.data, pointer, ...(keyword !== undefined && { keyword }) },
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    });
  }
};
