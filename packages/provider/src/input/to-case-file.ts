import { type Call, callToJson, type JsonObject, plain } from "@cutaway/core";
import { bodyToJson } from "./body-json.ts";

/**
 * One call as a portable file, HAR-like: `cutaway/case` version 1 (`docs/schemas/case.schema.json`). `readInput` reads it back to the same Call.
 * `request`, `response`, `timings`, `stream` and `tokens` are for other programs; `call` is the whole Call.
 * Credentials are never in a Call, so there are none to remove; `redactions` says what was left out on the way in.
 */
export function toCaseFile(call: Call, bodies: { request?: Uint8Array; response?: Uint8Array } = {}): JsonObject {
  const { chunks, ...instants } = call.instants;
  const { request, response } = call;
  return {
    schema: "cutaway/case",
    version: 1,
    request: request
      ? { method: "POST", url: request.url ?? null, headers: { ...request.headers }, body: request.body ?? null, raw: bodyToJson(bodies.request) }
      : null,
    response:
      call.ending === "none" ? null : { status: response?.status ?? null, headers: { ...response?.headers }, raw: bodyToJson(bodies.response) },
    timings: plain(instants) ?? {},
    stream: chunks ?? [],
    tokens: call.answers.map((answer) => plain(answer.steps ?? []) ?? []),
    env: { origin: plain(call.origin) ?? null, format: call.format ?? null },
    redactions: ["credentials and cookies", "headers outside the list of kept ones", "secrets in the URL"],
    call: callToJson(call),
  };
}
