import { isDeepStrictEqual } from "node:util";
import { type Call, CutawayError, callFromJson, callToJson, type JsonObject, type JsonValue } from "@cutaway/core";
import { pack, unpack } from "./blobs.ts";

/** A larger document is stored compressed: it is a long stream's tokens with their alternatives. */
const plainLimit = 64 * 1024;

/**
 * A Call as it is stored: JSON text, or its zstd when it is long.
 * The request's body is left out (`request.body` is `true`) where the raw bytes are kept beside it and say the same.
 */
export function toDocument(call: Call, requestBytes: Uint8Array | undefined): string | Uint8Array {
  const json = callToJson(call);
  if (call.request?.body && requestBytes && isDeepStrictEqual(parsed(requestBytes), call.request.body)) {
    (json.request as JsonObject).body = true;
  }
  const text = JSON.stringify(json);
  return text.length <= plainLimit ? text : pack(new TextEncoder().encode(text)).bytes;
}

export function fromDocument(document: string | Uint8Array, readBody: (hash: string) => Uint8Array | undefined): Call {
  const call = readDocument(document);
  if ((call.request?.body as unknown) !== true || !call.request) return call;
  const bytes = call.bodies?.request === undefined ? undefined : readBody(call.bodies.request);
  const body = bytes && parsed(bytes);
  if (body === undefined) {
    throw new CutawayError("store-corrupt", `call ${call.id}: the bytes of its request are missing from the store`, { fix: "Delete the call." });
  }
  return { ...call, request: { ...call.request, body: body as JsonObject } };
}

function readDocument(document: string | Uint8Array): Call {
  try {
    const text = typeof document === "string" ? document : new TextDecoder().decode(unpack(document));
    return callFromJson(JSON.parse(text) as JsonValue);
  } catch (cause) {
    throw new CutawayError("store-corrupt", "a call in the store cannot be read any more: its document is damaged", {
      fix: "Copy the data file aside and delete the call.",
      cause,
    });
  }
}

function parsed(bytes: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as JsonValue;
  } catch {
    return undefined;
  }
}
