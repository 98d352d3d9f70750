import { CutawayError, type JsonValue } from "@cutaway/core";
import { findJsonFault } from "./json-fault.ts";

/** Nesting beyond this is refused: no provider's body is a tenth as deep, and whatever walks a value recursively stays safe. */
export const maxDepth = 500;

/**
 * JSON.parse for text of unknown origin.
 * throws `invalid-json` with line, column and path, `data.cutOff` when the text merely ends too early; `json-too-deep`.
 */
export function parseJson(text: string, name: string): JsonValue {
  const tooDeep = () =>
    new CutawayError("json-too-deep", `${name} nests deeper than ${maxDepth} levels`, {
      data: { maxDepth },
      fix: "No model API sends such a body; check what wrote it.",
    });
  let json: JsonValue;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    if (opensTooDeep(text)) throw tooDeep();
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
  if (nestsTooDeep(json)) throw tooDeep();
  return json;
}

/** The same for text that may well be no JSON: undefined instead of an error. */
export function tryJson(text: string): JsonValue | undefined {
  try {
    const json = JSON.parse(text);
    return nestsTooDeep(json) ? undefined : json;
  } catch {
    return undefined;
  }
}

/** JSON.parse itself does not recurse; this walk does, no deeper than the limit. It costs a tenth of a scan of the text. */
function nestsTooDeep(json: JsonValue | undefined, depth = 0): boolean {
  if (typeof json !== "object" || json === null) return false;
  if (depth === maxDepth) return true;
  if (Array.isArray(json)) {
    for (const item of json) if (typeof item === "object" && nestsTooDeep(item, depth + 1)) return true;
    return false;
  }
  for (const key in json) {
    const item = json[key];
    if (typeof item === "object" && nestsTooDeep(item, depth + 1)) return true;
  }
  return false;
}

/** The same for text that is no JSON: counts brackets outside strings. */
export function opensTooDeep(text: string): boolean {
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
