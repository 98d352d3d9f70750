import type { Call, WireFormat } from "@cutaway/core";
import { CutawayError } from "@cutaway/core";
import type { StreamPayload } from "./codec.ts";
import { codecs, wireFormatOf } from "./codecs.ts";

/**
 * The answer of a call as bytes of a wire format: one JSON body, or server-sent events.
 * format  default: the call's own
 * throws  `format-unknown` when neither tells one
 */
export function encodeAnswer(call: Call, options: { format?: WireFormat; stream: boolean }): Uint8Array {
  const format = options.format ?? call.format;
  if (!format)
    throw new CutawayError("format-unknown", "the call's wire format is not known, so its answer cannot be written", { fix: "Name a format." });
  const codec = codecs[wireFormatOf({ format })];
  return utf8.encode(options.stream ? codec.encodeStream(call).map(sseFrame).join("") : JSON.stringify(codec.encodeResponse(call)));
}

export const sseFrame = ({ event, data }: StreamPayload): string =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${data === "[DONE]" ? data : JSON.stringify(data)}\n\n`;

const utf8 = new TextEncoder();
