import { isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import { errorIn } from "../errors/call-error.ts";
import { headerRecord } from "../headers/kept-headers.ts";
import { identifyBody } from "../identify/by-body.ts";
import { filledOf, known, numberOf, objectOf } from "../json/fields.ts";
import { exchangeItem, type RecordedBody, recordedBody, unsupported } from "./exchange-item.ts";
import { harItems } from "./har.ts";
import { inflateBody } from "./inflate-body.ts";
import type { InputItem } from "./input-item.ts";
import { isStoredCall, storedCallItem } from "./stored-call.ts";

/**
 * The items of one JSON value: a bare body, a request/response pair in any spelling, a cassette, a HAR file, a stored call, or a list of these.
 * bytes  what `json` was parsed from: a bare body keeps them as they came
 */
export function* jsonItems(json: JsonValue, from: string, bytes?: Uint8Array): Generator<InputItem> {
  if (Array.isArray(json)) return yield* arrayItems(json, from);
  if (!isJsonObject(json)) return yield unsupported("unknown-json", from);
  if (isStoredCall(json)) return yield storedCallItem(json, from);
  if (isJsonObject(json.log) && Array.isArray(json.log.entries)) return yield* harItems(json.log.entries, from);
  if (Array.isArray(json.interactions)) {
    for (const [i, interaction] of json.interactions.entries())
      yield* jsonItems(interaction, json.interactions.length > 1 ? `${from}#${i + 1}` : from);
    return;
  }
  yield pairItem(json, from) ?? bareItem(json, from, bytes);
}

function* arrayItems(list: JsonValue[], from: string): Generator<InputItem> {
  const kinds = list.map((item) => identifyBody(item));
  const whole = identifyBody(list);
  if (whole && "unsupported" in whole) return yield unsupported(whole.unsupported, from);
  if (list.length > 0 && kinds.every((kind) => kind?.kind === "payload")) return yield chunksItem(list, from);
  if (list.length === 0) return yield unsupported("unknown-json", from);
  for (const [i, item] of list.entries()) yield* jsonItems(item, `${from}[${i}]`);
}

/** Stream payloads kept as a JSON list. */
function chunksItem(payloads: readonly JsonValue[], from: string): InputItem {
  return exchangeItem(
    { framing: "lines", answer: { body: new TextEncoder().encode(payloads.map((item) => JSON.stringify(item)).join("\n")) } },
    from,
  );
}

/** A body without anything around it. */
function bareItem(json: JsonObject, from: string, bytes: Uint8Array | undefined): InputItem {
  const found = identifyBody(json);
  if (found && "unsupported" in found) return unsupported(found.unsupported, from);
  if (found?.kind === "request") return exchangeItem({ format: found.format, request: known({ json, bytes }) }, from);
  if (found?.kind === "payload") return chunksItem([json], from);
  const answer = { body: known({ json, bytes }) };
  if (found) return exchangeItem({ format: found.format, answer }, from);
  return errorIn(json) ? exchangeItem({ answer }, from) : unsupported("unknown-json", from);
}

/** Request and answer side by side. Undefined when the JSON is no such thing. */
function pairItem(json: JsonObject, from: string): InputItem | undefined {
  const request = json.request ?? json.req ?? json.requestBody ?? json.request_body;
  const response = json.response ?? json.res ?? json.responseBody ?? json.response_body;
  const isPair = (isJsonObject(request) || typeof request === "string") && (response !== undefined || isJsonObject(request));
  if (isPair && identifyBody(json) === undefined) return exchangeItem({ ...requestOf(request, json), ...answerOf(response, json) }, from);
  // OpenAI batch: the request lines, and the answer lines.
  if (typeof json.custom_id === "string" && isJsonObject(json.body)) return exchangeItem(requestOf(json), from);
  if (typeof json.custom_id === "string" && isJsonObject(json.response)) return exchangeItem(answerOf(json.response, json), from);
  const result = objectOf(json.result);
  if (typeof json.custom_id === "string" && result)
    return exchangeItem({ answer: { body: recordedBody(result.message ?? result.error ?? result) } }, from);
  if (json.body !== undefined && json.body !== null) {
    const isAnswer = json.status !== undefined || json.statusCode !== undefined || json.status_code !== undefined;
    const body = typeof json.body === "string" || isJsonObject(json.body);
    if (!body) return undefined;
    if (isAnswer) return exchangeItem(answerOf(json, json), from);
    const found = identifyBody(parsed(json.body));
    return found?.kind === "request" || json.url !== undefined || json.uri !== undefined
      ? exchangeItem(requestOf(json), from)
      : exchangeItem(answerOf(json, json), from);
  }
  return undefined;
}

/** around  what the request stands in: some recorders keep its URL, method and headers beside it. */
function requestOf(
  request: JsonValue | undefined,
  around?: JsonObject,
): {
  url?: string;
  method?: string;
  requestHeaders?: Record<string, string>;
  request?: RecordedBody;
} {
  const json = objectOf(request);
  const beside = {
    url: filledOf(around?.url) ?? filledOf(around?.uri),
    method: filledOf(around?.method),
    requestHeaders: around && isJsonObject(around.headers) ? headerRecord(around.headers) : undefined,
  };
  if (!json) return known({ ...beside, request: recordedBody(request) });
  const isWrapped = ["body", "url", "uri", "method", "headers"].some((name) => json[name] !== undefined) && !Array.isArray(json.messages);
  if (!isWrapped) return known({ ...beside, request: recordedBody(json) });
  return known({
    url: filledOf(json.url) ?? filledOf(json.uri) ?? beside.url,
    method: filledOf(json.method) ?? beside.method,
    requestHeaders: isJsonObject(json.headers) ? headerRecord(json.headers) : beside.requestHeaders,
    request: recordedBody(json.body),
  });
}

function answerOf(
  response: JsonValue | undefined,
  around: JsonObject,
): { answer?: { status?: number | undefined; headers?: Record<string, string>; body?: RecordedBody | undefined } } {
  if (response === undefined || response === null) return {};
  const json = objectOf(response);
  const isWrapped =
    json !== undefined &&
    (json.body !== undefined || "headers" in json || "status_code" in json || (typeof json.status === "number" && json.choices === undefined));
  if (!isWrapped)
    return {
      answer: { status: numberOf(around.status) ?? numberOf(around.statusCode) ?? numberOf(around.status_code), body: recordedBody(response) },
    };
  const status = numberOf(json.status) ?? numberOf(json.statusCode) ?? numberOf(json.status_code) ?? numberOf(objectOf(json.status)?.code);
  if (status === undefined && (json.body === undefined || json.body === null)) return {};
  const headers = headerRecord(objectOf(json.headers));
  const body = recordedBody(json.body);
  return { answer: { status, headers, body: body instanceof Uint8Array ? inflateBody(body, headers["content-encoding"]) : body } };
}

const parsed = (body: JsonValue): JsonValue => {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
};
