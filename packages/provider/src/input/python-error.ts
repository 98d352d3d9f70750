import { exchangeItem } from "./exchange-item.ts";
import type { InputItem } from "./input-item.ts";
import { parsePythonLiteral } from "./python-literal.ts";

/** As the Python SDKs of OpenAI and Anthropic word an error: `openai.BadRequestError: Error code: 400 - {'error': {…}}`. */
const wording = /\bError code: ([45]\d\d) - (?=[{[])/;

/** A traceback may stand before it; a text that mentions an error code a page further down is something else. */
const mostBefore = 100_000;

/** The call that an exception of a Python SDK tells of: its status and its error body; undefined for any other text. */
export function pythonErrorItem(text: string, from: string): InputItem | undefined {
  const found = wording.exec(text.slice(0, mostBefore));
  if (!found) return undefined;
  const { value } = parsePythonLiteral(text, found.index + found[0].length);
  return exchangeItem({ answer: { status: Number(found[1]), body: { json: value } } }, from);
}
