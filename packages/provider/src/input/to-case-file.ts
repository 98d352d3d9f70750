import { type Call, callToJson, isJsonObject, type JsonObject, type JsonValue, plain } from "@cutaway/core";

/**
 * One call as a portable file, HAR-like: `cutaway/case` version 1 (`docs/schemas/case.schema.json`). `readInput` reads it back to the same Call.
 * Credentials are never in a Call, so there are none to remove; `redactions` says what was left out on the way in.
 */
export function toCaseFile(call: Call, bodies: { request?: Uint8Array; response?: Uint8Array }): JsonObject {
  const { chunks, ...instants } = call.instants;
  const { body, ...request } = call.request ?? {};
  return {
    schema: "cutaway/case",
    version: 1,
    request: call.request
      ? { method: "POST", url: request.url ?? null, headers: { ...request.headers }, body: body ?? null, raw: bytesJson(bodies.request) }
      : null,
    response:
      call.ending === "none"
        ? null
        : { status: call.response?.status ?? null, headers: { ...call.response?.headers }, raw: bytesJson(bodies.response) },
    timings: plain(instants) ?? {},
    stream: chunks ?? [],
    tokens: call.answers.map((answer) => plain(answer.steps ?? []) ?? []),
    env: { cutaway: 1, origin: plain(call.origin) ?? null },
    redactions: ["credentials and cookies", "header names that are not on the list of kept ones", "secrets in the URL"],
    call: callToJson(call),
  };
}

const bytesJson = (bytes: Uint8Array | undefined): JsonValue => {
  if (!bytes) return null;
  const json = plain(bytes);
  return json === undefined || (!isJsonObject(json) && typeof json !== "string") ? null : json;
};
