import { CutawayError, type JsonValue } from "@cutaway/core";
import { findJsonFault } from "./json-fault.ts";

/** Nesting beyond this is refused: no provider's body is a tenth as deep, and whatever walks a value recursively stays safe. */
export const maxDepth = 500;

/**
 * JSON.parse for text of unknown origin.
 * throws `invalid-json` with line, column and path, `data.cutOff` when the text merely ends too early; `json-too-deep`.
 */
export function parseJson(text: string, name: string): JsonValue {
  if (isTooDeep(text)) {
    throw new CutawayError("json-too-deep", `${name} nests deeper than ${maxDepth} levels`, {
      data: { maxDepth },
      fix: "No model API sends such a body; check what wrote it.",
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    if (!fault) throw cause;
    const { line, column, path, cutOff, says } = fault;
    throw new CutawayError(
      "invalid-json",
      `${name} is not valid JSON: line ${line}, column ${column}, at ${path}: ${says}${cutOff ? " (it looks cut off)" : ""}`,
      {
        data: { line, column, path, cutOff, offset: fault.offset },
        fix: cutOff ? "Copy the whole body: its end is missing." : "Mend that place, or paste the body as the server sent it.",
        cause,
      },
    );
  }
}

/** The same for text that may well be no JSON: undefined instead of an error. */
export function tryJson(text: string): JsonValue | undefined {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Counts brackets outside strings; short texts cannot be deep and are not read. */
export function isTooDeep(text: string): boolean {
  if (text.length <= 2 * maxDepth) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) inString = !inString;
    else if (inString) {
      if (code === 92) at++;
    } else if (code === 123 || code === 91) {
      if (++depth > maxDepth) return true;
    } else if (code === 125 || code === 93) depth--;
  }
  return false;
}
