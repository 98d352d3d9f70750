import { isJsonObject, type JsonValue } from "@cutaway/core";

/** A raw body in JSON: its text where it is UTF-8, `{ base64 }` where it is not, null where there is none. */
export function bodyToJson(bytes: Uint8Array | undefined): JsonValue {
  if (!bytes) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString("base64") };
  }
}

/** The way back; undefined for null and for anything else. */
export function bodyFromJson(json: unknown): Uint8Array | undefined {
  if (typeof json === "string") return new TextEncoder().encode(json);
  return isJsonObject(json) && typeof json.base64 === "string" ? new Uint8Array(Buffer.from(json.base64, "base64")) : undefined;
}
