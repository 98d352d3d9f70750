import { type CallEvent, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { HttpContext } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { objectOf, objectsOf } from "../json/fields.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";
import { outputDecoder } from "./output-decoder.ts";

/** A whole response object, or the error that came instead. */
export function decodeResponse(body: JsonValue, http: HttpContext = {}): CallEvent[] {
  const events: CallEvent[] = [];
  const push = (event: CallEvent) => void events.push(event);
  const response = objectOf(body);
  if (response && isResponseObject(response)) {
    const { model, response: meta } = decodeMeta(response);
    push({ type: "response-start", format: "openai-responses", ...(model !== undefined && { model }), response: meta });
    const output = outputDecoder(push);
    for (const [index, item] of objectsOf(response.output).entries()) output.whole(index, item, undefined);
    const usage = decodeUsage(response.usage);
    if (usage.source) push({ type: "usage", usage });
    const finish = decodeFinish(response, output.waitsForTool);
    const failed = isJsonObject(response.error);
    if (finish && (!failed || output.hasOutput)) push({ type: "answer-finish", answer: 0, finish });
  }
  const error = errorIn(body, http);
  if (error) push({ type: "call-error", error });
  else if (!response || !isResponseObject(response))
    push({ type: "notice", notice: { code: "not-an-answer", says: "The body is JSON and neither a response object nor an error." } });
  push({ type: "response-end" });
  return events;
}

const isResponseObject = (body: JsonObject) => body.object === "response" || Array.isArray(body.output);
