import type { JsonObject } from "@cutaway/core";
import type { Push, StreamDecoder } from "../codec.ts";
import { codecs } from "../codecs.ts";
import { errorIn } from "../errors/call-error.ts";
import { identifyBody } from "../identify/by-body.ts";
import type { Identified } from "../identify/identified.ts";
import type { NoticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";

/**
 * A stream decoder whose format is told by the first payload that shows it, where URL and request did not.
 * Payloads before it (pings, an error) wait; a stream that never shows its format gives its error, if it holds one.
 * known  set when the format is one that is not decoded: payloads are passed over
 */
export function lazyDecoder(push: Push, notices: NoticePad, known: Identified | undefined, onFound: (found: Identified) => void): StreamDecoder {
  let isUnsupported = known !== undefined;
  let decoder: StreamDecoder | undefined;
  let waiting: { data: JsonObject; at: number | undefined }[] = [];

  return {
    payload(data, at) {
      if (decoder) return decoder.payload(data, at);
      if (isUnsupported) return;
      const found = identifyBody(data);
      if (!found) {
        if (waiting.length < 100) waiting.push({ data, at });
        return;
      }
      if ("unsupported" in found) {
        isUnsupported = true;
        return onFound({ unsupported: found.unsupported });
      }
      onFound({ format: found.format });
      decoder = codecs[found.format].streamDecoder(push);
      for (const early of waiting) decoder.payload(early.data, early.at);
      waiting = [];
      decoder.payload(data, at);
    },
    done(at) {
      decoder?.done(at);
    },
    end(isFramed) {
      if (decoder) return decoder.end(isFramed);
      for (const { data, at } of waiting) {
        const error = errorIn(data);
        if (error) push(stamped({ type: "call-error" as const, error: { ...error, inStream: true } }, at));
        else notices.add("unknown-event", "An event whose format could not be told stays in the raw body.");
      }
    },
  };
}
