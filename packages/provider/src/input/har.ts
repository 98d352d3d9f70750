import type { CallEvent, JsonValue } from "@cutaway/core";
import { filledOf, known, numberOf, objectOf, objectsOf, textOf } from "../json/fields.ts";
import { base64Bytes, exchangeItem } from "./exchange-item.ts";
import { inflateBody } from "./inflate-body.ts";
import type { InputItem } from "./input-item.ts";

/**
 * The entries of a HAR 1.2 file. Entries that are plainly no call of a model (pages, scripts, images) are passed over.
 * `startedDateTime` is the instant of issue; `timings` give connect, head and end.
 */
export function* harItems(entries: readonly JsonValue[], from: string): Generator<InputItem> {
  const found = objectsOf(entries);
  for (const [i, entry] of found.entries()) {
    const request = objectOf(entry.request);
    if (!request) continue;
    const response = objectOf(entry.response);
    const content = objectOf(response?.content);
    const posted = textOf(objectOf(request.postData)?.text);
    const text = textOf(content?.text);
    const body = text === undefined ? undefined : content?.encoding === "base64" ? base64Bytes(text) : utf8.encode(text);
    const headers = nameValues(response?.headers);
    const status = numberOf(response?.status);
    const timings = objectOf(entry.timings);
    const issued = Date.parse(textOf(entry.startedDateTime) ?? "");
    const item = exchangeItem(
      known({
        method: filledOf(request.method),
        url: filledOf(request.url),
        requestHeaders: nameValues(request.headers),
        request: posted === undefined ? undefined : utf8.encode(posted),
        issued: Number.isNaN(issued) ? undefined : issued,
        instants: connected(timings),
        ...(timings && spans(timings, numberOf(entry.time))),
        answer: status === undefined || status === 0 ? undefined : { status, headers, body: body && inflateBody(body, headers["content-encoding"]) },
      }),
      found.length > 1 ? `${from}#${i + 1}` : from,
    );
    const isJsonPost = posted !== undefined && /^\s*[{[]/.test(posted);
    if (item.kind === "call" || item.name !== "unknown-json" || isJsonPost) yield item;
  }
}

const utf8 = new TextEncoder();

const nameValues = (list: JsonValue | undefined): Record<string, string> =>
  Object.fromEntries(objectsOf(list).map((header) => [(textOf(header.name) ?? "").toLowerCase(), textOf(header.value) ?? ""]));

type Timings = { [key: string]: JsonValue | undefined };

/** HAR writes -1 for what did not happen. */
const positive = (value: JsonValue | undefined): number => Math.max(0, numberOf(value) ?? 0);

function connected(timings: Timings | undefined): CallEvent[] {
  if (!timings) return [];
  const connect = numberOf(timings.connect) ?? -1;
  const before = positive(timings.blocked) + positive(timings.dns);
  return connect >= 0 ? [{ type: "connected", at: before + connect }] : [{ type: "connected", at: before, reused: true }];
}

function spans(timings: Timings, time: number | undefined): { headersAt: number; closedAt: number } {
  const connect = Math.max(positive(timings.connect), 0);
  const headersAt = positive(timings.blocked) + positive(timings.dns) + connect + positive(timings.send) + positive(timings.wait);
  return { headersAt, closedAt: Math.max(headersAt + positive(timings.receive), time ?? 0) };
}
