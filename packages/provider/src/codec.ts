import type { Call, CallEvent, JsonObject, JsonValue, Request, Usage, WireFormat } from "@cutaway/core";

export type Push = (event: CallEvent) => void;

/** One wire format, both ways. Pure: bodies and events in, bodies and events out. */
export interface Codec {
  format: WireFormat;
  /** Total: whatever is not understood is kept in `body` and named in `notUnderstood`. */
  decodeRequest(body: JsonObject, sent?: RequestContext): Request;
  /**
   * The body to send. Equals `request.body` where the request was not changed; a changed field is written over it in the body's own spelling.
   * throws `parameter-not-supported` when a parameter was set that the format does not have.
   */
  encodeRequest(request: Request): JsonObject;
  /** A whole answer, or the error that came instead. Ends with `response-end`. */
  decodeResponse(body: JsonValue, http?: HttpContext): CallEvent[];
  streamDecoder(push: Push): StreamDecoder;
  /** The provider's counts, normalised. `json` is the `usage` object of a body. */
  decodeUsage(json: JsonValue | undefined): Usage;
  /** The answer of a call as this format would send it: one JSON body, or the payloads of a stream in order. */
  encodeResponse(call: Call): JsonObject;
  encodeStream(call: Call): StreamPayload[];
}

/** What is known of a request beside its body. `url` must already be redacted. */
export interface RequestContext {
  url?: string;
  headers?: Record<string, string>;
  /** The model, where the URL names it and the body does not (Azure deployments, Bedrock). */
  model?: string;
}

export interface HttpContext {
  status?: number;
  /** All headers, lower-case names: read for retry times, never kept. */
  headers?: Record<string, string>;
}

export interface StreamPayload {
  /** The `event:` field, where the format uses it. */
  event?: string;
  data: JsonObject | "[DONE]";
}

/** Takes a stream's payloads one by one. Keeps only what later payloads refer to: memory does not grow with the stream's length. */
export interface StreamDecoder {
  payload(data: JsonObject, at: number | undefined): void;
  /** `[DONE]` */
  done(at: number | undefined): void;
  /**
   * No payload will follow. Pushes `response-end` when the format's terminal marker came.
   * isFramed  false for recordings that keep only payloads, one a line: `[DONE]` is not among them.
   */
  end(isFramed: boolean): void;
}
