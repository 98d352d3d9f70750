import { isJsonObject } from "@cutaway/core";
import type { Push, StreamDecoder } from "../codec.ts";
import { errorOfText } from "../errors/call-error.ts";
import { tryJson } from "../json/parse-json.ts";
import type { NoticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { lineSplitter } from "./line-splitter.ts";
import { type SseEvent, sseParser } from "./sse-parser.ts";

/** `sse`: server-sent events. `lines`: bare payloads, one a line, as recordings keep them. */
export type Framing = "sse" | "lines";

export interface PayloadReader {
  chunk(bytes: Uint8Array, at: number | undefined): void;
  end(at: number | undefined): void;
}

/**
 * A stream's bytes → its decoder. A payload that is not JSON is reported and passed over; the last one, where the bytes stop inside it,
 * is passed over silently: the missing terminal marker already says that the stream was cut.
 */
export function payloadReader(framing: Framing, decoder: StreamDecoder, notices: NoticePad, push: Push): PayloadReader {
  let now: number | undefined;

  const onTooLong = (bytes: number) => notices.add("event-too-long", `An event of ${bytes} bytes was passed over.`);
  const onData = (event: SseEvent, isLast: boolean) => {
    const { data } = event;
    if (data.trim() === "") return;
    if (data.trim() === "[DONE]") return decoder.done(now);
    const json = tryJson(data);
    if (isJsonObject(json)) decoder.payload(json, now);
    else if (event.name === "error") push(stamped({ type: "call-error" as const, error: { ...errorOfText(data, {}), inStream: true } }, now));
    else if (!isLast) notices.add("malformed-event", `An event is not a JSON object and was passed over: ${JSON.stringify(data.slice(0, 80))}`);
  };
  const sse = framing === "sse" ? sseParser((event) => onData(event, false), onTooLong) : undefined;
  const lines = framing === "lines" ? lineSplitter((data) => onData({ data }, false), onTooLong) : undefined;

  return {
    chunk(bytes, at) {
      now = at;
      (sse ?? lines)?.chunk(bytes);
    },
    end(at) {
      now = at;
      const last = sse?.rest() ?? (lines && { data: lines.rest() });
      if (last) onData(last, true);
      decoder.end(framing === "sse");
    },
  };
}
