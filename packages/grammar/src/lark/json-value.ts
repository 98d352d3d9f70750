import type { Cursor } from "../notations/cursor.ts";

/** The JSON object at the cursor. */
export const readJsonObject = (cursor: Cursor): unknown => {
  const position = cursor.position;
  if (!cursor.sees("{")) throw cursor.invalid("a JSON object is expected here");
  let depth = 0;
  do {
    if (cursor.match(/"(?:[^"\\\n]|\\[^\n])*"/y) !== undefined) continue;
    if (cursor.done || cursor.sees('"')) throw cursor.invalid("this JSON object is never closed", position);
    const character = String.fromCodePoint(cursor.character());
    if (character === "{" || character === "[") depth++;
    if (character === "}" || character === "]") depth--;
  } while (depth > 0);
  try {
    return JSON.parse(cursor.text.slice(position, cursor.position));
  } catch (error) {
    throw cursor.invalid(`this is no JSON: ${(error as Error).message}`, position);
  }
};
