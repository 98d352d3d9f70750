import type { CallEvent, JsonValue } from "@cutaway/core";
import type { HttpContext } from "../codec.ts";
import { errorIn } from "../errors/call-error.ts";
import { filledOf, objectOf } from "../json/fields.ts";
import { blockDecoder, blocksOf } from "./block-decoder.ts";
import { decodeFinish } from "./decode-finish.ts";
import { decodeMeta } from "./decode-meta.ts";
import { decodeUsage } from "./decode-usage.ts";

/** A whole message, or the error that came instead. */
export function decodeResponse(body: JsonValue, http: HttpContext = {}): CallEvent[] {
  const events: CallEvent[] = [];
  const push = (event: CallEvent) => void events.push(event);
  const message = objectOf(body);
  const error = errorIn(body, http);
  if (error) {
    const requestId = filledOf(message?.request_id);
    if (requestId !== undefined) push({ type: "response-start", format: "anthropic-messages", response: { requestId } });
    push({ type: "call-error", error });
  } else if (message && (message.type === "message" || Array.isArray(message.content))) {
    const { model, response } = decodeMeta(message);
    push({ type: "response-start", format: "anthropic-messages", ...(model !== undefined && { model }), response });
    let calls = 0;
    for (const block of blocksOf(message)) {
      const decoder = blockDecoder(block, () => calls++, push);
      decoder.start(undefined);
      decoder.stop(undefined);
    }
    const usage = decodeUsage(message.usage);
    if (usage.source) push({ type: "usage", usage });
    push({ type: "answer-finish", answer: 0, finish: decodeFinish(message) ?? { reason: "unknown" } });
  } else push({ type: "notice", notice: { code: "not-an-answer", says: "The body is JSON and neither a message nor an error." } });
  push({ type: "response-end" });
  return events;
}
