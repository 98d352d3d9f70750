import { type CallEvent, isJsonObject, type JsonValue } from "@cutaway/core";
import { type ExchangeStart, startExchange } from "../exchange/start-exchange.ts";
import { type HeaderSource, headerRecord } from "../headers/kept-headers.ts";
import { credentialsOf, type Redactor, redactor } from "../headers/redactor.ts";
import { collectEvents } from "./collect-events.ts";
import type { InputItem } from "./input-item.ts";

/** A recorded exchange, as far as the recording goes. */
export interface RecordedExchange extends Omit<ExchangeStart, "requestBody"> {
  request?: RecordedBody;
  /** Absent when no answer was recorded. */
  answer?: { status?: number | undefined; headers?: HeaderSource | undefined; body?: RecordedBody | undefined };
  /** Instants of the recording, pushed after the request. */
  instants?: CallEvent[];
  /** When the answer's head and its last byte came, milliseconds after `issued`. */
  headersAt?: number;
  closedAt?: number;
}

/** The item that an exchange amounts to: a call, or a format that is not decoded. */
export function exchangeItem(recorded: RecordedExchange, from: string): InputItem {
  const sink = collectEvents();
  const { request, answer, instants, headersAt, closedAt, ...start } = recorded;
  const exchange = startExchange({ ...start, ...(request && { requestBody: request instanceof Uint8Array ? request : request.json }) }, sink.push);
  for (const event of instants ?? []) sink.push(event);
  if (answer) {
    if (answer.status !== undefined || answer.headers) exchange.headers(answer.status, answer.headers, headersAt);
    if (answer.body instanceof Uint8Array) exchange.chunk(answer.body, closedAt);
    else if (answer.body) exchange.json(answer.body.json, closedAt);
    exchange.close("server", closedAt);
  }
  if (exchange.unsupported !== undefined) return unsupported(exchange.unsupported, from);
  const redact = redactor(credentialsOf(headerRecord(start.requestHeaders), start.url ?? ""));
  const events = redact.value(sink.events);
  const isCall = exchange.format !== undefined || events.some((event) => event.type === "call-error") || start.framing !== undefined;
  if (!isCall) return unsupported("unknown-json", from);
  return { kind: "call", events, from, bodies: bodiesOf(request, answer?.body, redact) };
}

export function unsupported(name: string, from: string, says?: string): InputItem {
  const wording =
    name === "unknown-json"
      ? "This JSON is neither a request nor an answer of a model. What can be read: docs/formats.md."
      : "Only chat completions, responses and messages are decoded: docs/formats.md.";
  return { kind: "unsupported", name, from, says: says ?? wording };
}

const utf8 = new TextEncoder();

/** A body as a recording keeps it: bytes, or JSON, with the bytes it was parsed from where they are at hand. */
export type RecordedBody = Uint8Array | { json: JsonValue; bytes?: Uint8Array };

/** A body that a recording keeps as text, as JSON, or as `{ base64 }`. */
export function recordedBody(body: JsonValue | undefined): RecordedBody | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string") return utf8.encode(body);
  if (isJsonObject(body)) {
    const encoded = body.base64 ?? body.base64_string;
    if (typeof encoded === "string" && Object.keys(body).length === 1) return base64Bytes(encoded);
    if (typeof body.string === "string" && Object.keys(body).length <= 2) return utf8.encode(body.string);
  }
  return { json: body };
}

/** The raw bytes, written out only when somebody asks for them. */
function bodiesOf(
  request: RecordedBody | undefined,
  response: RecordedBody | undefined,
  redact: Redactor,
): { request?: Uint8Array; response?: Uint8Array } {
  const bytesOf = (body: RecordedBody) => (body instanceof Uint8Array ? body : (body.bytes ?? utf8.encode(JSON.stringify(body.json))));
  const bodies = {};
  for (const [side, body] of Object.entries({ request, response }))
    if (body) Object.defineProperty(bodies, side, { enumerable: true, get: () => redact.bytes(bytesOf(body)) });
  return bodies;
}

export function base64Bytes(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
