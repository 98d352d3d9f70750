import { type Call, type Instants, type Usage, usageCounts } from "./call.ts";
import { CutawayError } from "./errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";

/** Bytes in JSON: UTF-8 text where it is text, base64 where it is not. */
type BytesJson = string | { base64: string };

/**
 * A Call as JSON. Unknown counts and instants are `null`, so that a reader sees they exist and are unknown.
 * `callFromJson(callToJson(call))` equals the call.
 */
export function callToJson(call: Call): JsonObject {
  const json = plain(call) as JsonObject;
  const usage = json.usage as JsonObject;
  for (const count of usageCounts) usage[count] ??= null;
  const instants = json.instants as JsonObject;
  for (const name of instantNames) instants[name] ??= null;
  return json;
}

export function callFromJson(json: JsonValue): Call {
  if (!isJsonObject(json) || typeof json.id !== "string" || !Array.isArray(json.answers)) {
    throw new CutawayError("not-a-call", "this JSON is not a Call: it has no id or no answers");
  }
  const call = json as unknown as Call;
  return {
    ...call,
    ...(call.prompt && { prompt: call.prompt.map((token) => ({ ...token, bytes: bytesFromJson(token.bytes) })) }),
    usage: known(call.usage) as Usage,
    instants: known(call.instants) as Instants,
    answers: call.answers.map(revived),
  };
}

/** Any value as JSON: bytes encoded, functions and undefined left out, maps as objects, non-finite numbers as null. */
export function plain(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (value instanceof Uint8Array) return bytesToJson(value) as JsonValue;
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (typeof value !== "object") return undefined;
  const out: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const json = plain(item);
    if (json !== undefined) Object.defineProperty(out, key, { value: json, enumerable: true, writable: true, configurable: true });
  }
  return out;
}

const instantNames = ["issued", "connected", "headers", "firstToken", "firstText", "lastToken", "closed", "chunks"] as const;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

function bytesToJson(bytes: Uint8Array): BytesJson {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return { base64: btoa(binary) };
  }
}

export function bytesFromJson(json: unknown): Uint8Array {
  if (typeof json === "string") return utf8.encode(json);
  if (isJsonObject(json) && typeof json.base64 === "string") return Uint8Array.from(atob(json.base64), (c) => c.charCodeAt(0));
  throw new CutawayError("not-a-call", "this JSON is not a Call: a token's bytes are neither text nor base64");
}

function revived(answer: Call["answers"][number]): Call["answers"][number] {
  if (!answer.steps) return answer;
  return {
    ...answer,
    steps: answer.steps.map((step) => ({
      ...step,
      bytes: bytesFromJson(step.bytes),
      ...(step.top && { top: step.top.map((alternative) => ({ ...alternative, bytes: bytesFromJson(alternative.bytes) })) }),
    })),
  };
}

function known(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
