import { isJsonObject, type JsonValue } from "@cutaway/core";
import { identifyBody } from "../identify/by-body.ts";
import { findJsonFault } from "../json/json-fault.ts";
import { opensTooDeep, tryJson } from "../json/parse-json.ts";
import { exchangeItem, unsupported } from "./exchange-item.ts";
import type { InputItem } from "./input-item.ts";
import { jsonItems } from "./json-items.ts";

interface Line {
  number: number;
  start: number;
  end: number;
}

/**
 * JSON, one value a line. Payloads of one stream in a row make one call, until its terminal event; every other line is read on its own.
 * A line that is not JSON belongs to the stream around it, or is reported with its number. One line is in memory at a time, or one stream.
 */
export function* readLines(bytes: Uint8Array, name: string): Generator<InputItem> {
  let run: Run | undefined;
  let bad: Line[] = [];
  const from = (line: Line) => (line.number === 1 ? name : `${name}:${line.number}`);

  const takeRun = function* (): Generator<InputItem> {
    if (!run) return;
    const { first, last, unsupportedName } = run;
    if (unsupportedName !== undefined) yield unsupported(unsupportedName, from(first));
    else yield exchangeItem({ framing: "lines", answer: { body: bytes.subarray(first.start, last.end) } }, from(first));
    run = undefined;
  };
  const takeBad = function* (): Generator<InputItem> {
    for (const line of bad) yield badLine(textAt(bytes, line), from(line), line.number);
    bad = [];
  };

  for (const line of linesOf(bytes)) {
    const text = textAt(bytes, line).trim();
    if (text === "") continue;
    const json = text === "[DONE]" ? doneMarker : tryJson(text);
    if (json === undefined) {
      bad.push(line);
      continue;
    }
    const found = json === doneMarker ? undefined : identifyBody(json);
    const unsupportedName = found && "unsupported" in found && found.kind !== "request" ? found.unsupported : undefined;
    const continues =
      run !== undefined &&
      run.unsupportedName === unsupportedName &&
      !(run.hasEnded && isStart(json)) &&
      (found?.kind === "payload" || unsupportedName !== undefined || isFiller(json));
    if (run && continues) {
      run.last = line;
      run.hasEnded ||= isTerminal(json);
      bad = [];
      continue;
    }
    yield* takeRun();
    if (found?.kind === "payload" || unsupportedName !== undefined) {
      run = { first: bad[0] ?? line, last: line, unsupportedName, hasEnded: isTerminal(json) };
      bad = [];
      continue;
    }
    yield* takeBad();
    yield* jsonItems(json, `${name}:${line.number}`);
  }
  // Bad lines at the end of a stream are its own: the last one is where it was cut.
  if (run && bad.length > 0) {
    run.last = bad[bad.length - 1] as Line;
    bad = [];
  }
  yield* takeRun();
  yield* takeBad();
}

/** Lines in a row that are payloads of one stream. */
interface Run {
  first: Line;
  last: Line;
  /** Set for a format that is not decoded. */
  unsupportedName: string | undefined;
  hasEnded: boolean;
}

/** A recording may hold several streams one after the other: after a terminal event, a start begins the next call. */
const isStart = (json: JsonValue) => isJsonObject(json) && (json.type === "message_start" || json.type === "response.created");
const isTerminal = (json: JsonValue) =>
  isJsonObject(json) && /^(?:message_stop|response\.(?:completed|incomplete|failed|cancelled))$/.test(String(json.type));

const doneMarker: JsonValue = ["[DONE]"];

/** Payloads that do not show their format alone: pings, errors, `[DONE]`. */
function isFiller(json: JsonValue): boolean {
  if (json === doneMarker) return true;
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false;
  return (
    json.type === "ping" ||
    json.type === "error" ||
    (json.error !== undefined && json.error !== null && json.request === undefined) ||
    Array.isArray(json.choices)
  );
}

function badLine(text: string, from: string, number: number): InputItem {
  const fault = opensTooDeep(text) ? undefined : findJsonFault(text);
  const where = fault ? `column ${fault.column}, at ${fault.path}: ${fault.says}${fault.cutOff ? " (it looks cut off)" : ""}` : "it nests too deep";
  return unsupported("invalid-json", from, `Line ${number} is not valid JSON: ${where}.`);
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: false });
const textAt = (bytes: Uint8Array, line: Line) => utf8.decode(bytes.subarray(line.start, line.end));

export function* linesOf(bytes: Uint8Array): Generator<Line> {
  let start = 0;
  for (let number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    yield { number, start, end };
    start = end + 1;
  }
}
