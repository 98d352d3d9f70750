import { CutawayError } from "@cutaway/core";
import { isFieldStart, isStreamHead } from "../exchange/answer-reader.ts";
import { parseJson, tryJson } from "../json/parse-json.ts";
import { curlItem, isCurl } from "./curl.ts";
import { exchangeItem } from "./exchange-item.ts";
import type { InputItem } from "./input-item.ts";
import { jsonItems } from "./json-items.ts";
import { pythonErrorItem } from "./python-error.ts";
import { linesOf, readLines } from "./read-lines.ts";
import { textBytes } from "./text-of-bytes.ts";

/**
 * What a person has → calls: a JSON body, a request/response pair, a cassette, server-sent events, bare stream payloads, a cURL command, HAR,
 * an exception of a Python SDK, JSONL of any of these, a case file, a stored call. Lazy: of many calls one is built at a time.
 * name  what to call it in messages: a file name, `standard input`
 * throws `empty-input`, `binary-input`, `invalid-json` (line, column, path, cutOff), `json-too-deep`, `unknown-input`, `curl-…`, `invalid-python`
 */
export function* readInput(input: Uint8Array, name: string): Generator<InputItem> {
  const bytes = textBytes(input, name);
  const start = bytes.findIndex((byte) => byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13);
  if (start < 0)
    throw new CutawayError("empty-input", `${name} is empty`, {
      fix: "Hand over a request or response body, server-sent events, a cURL command, HAR or JSONL.",
    });
  const head = utf8.decode(bytes.subarray(start, start + 200));

  if (/^[{[]/.test(head)) return yield* jsonOrLines(bytes, name);
  if (isEventStream(head)) return yield exchangeItem({ framing: "sse", answer: { body: bytes.subarray(start) } }, name);
  if (isCurl(head)) return yield curlItem(utf8.decode(bytes.subarray(start)), name);
  if (/^["\d\-tfn]/.test(head)) {
    const json = tryJson(utf8.decode(bytes.subarray(start, start + 1_000_000)));
    if (json !== undefined) return yield* jsonItems(json, name);
  }
  const exception = pythonErrorItem(utf8.decode(bytes.subarray(start, start + 1_000_000)), name);
  if (exception) return yield exception;
  throw new CutawayError(
    "unknown-input",
    `${name} is neither JSON, nor server-sent events, nor a cURL command: it begins with ${JSON.stringify(head.slice(0, 40))}`,
    {
      fix: "Hand over a request or response body, server-sent events, a cURL command, HAR or JSONL.",
    },
  );
}

const utf8 = new TextDecoder();

/** A text so short that it was cut inside its first field name counts too. */
const isEventStream = (head: string) => isStreamHead(head) || isFieldStart(head.trim());

/** One value over many lines, or one value a line: the first line decides, where it is whole; otherwise the text as a whole is tried first. */
function* jsonOrLines(bytes: Uint8Array, name: string): Generator<InputItem> {
  let first: string | undefined;
  let lines = 0;
  let others = 0;
  for (const line of linesOf(bytes)) {
    const text = utf8.decode(bytes.subarray(line.start, line.end)).trim();
    if (text === "") continue;
    lines++;
    first ??= text;
    if (lines === 1) continue;
    if (/^[{[]/.test(text) && tryJson(text) !== undefined) others++;
    if (lines > 50 || others > 0) break;
  }
  const isLines = lines > 1 && first !== undefined && (tryJson(first) !== undefined || (others > 0 && /^\{"/.test(first)));
  if (isLines) return yield* readLines(bytes, name);
  if (bytes.length > maxText)
    throw new CutawayError("input-too-large", `${name} is one JSON value of ${bytes.length} bytes; at most ${maxText} are read`, {
      fix: "Split it into JSONL.",
    });
  const text = utf8.decode(bytes);
  const json = parseJson(text, name);
  yield* jsonItems(json, name, bytes);
}

/** V8 holds no longer string. */
const maxText = 500 * 1024 * 1024;
