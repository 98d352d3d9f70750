import type { JsonValue } from "@cutaway/core";
import { unreadable } from "./errors.ts";

/** The largest file that is read whole; a GGUF file's header is read alone. */
const maxBytes = 256 * 1024 * 1024;

export function parsed(file: Uint8Array, path: string): JsonValue {
  if (file.length > maxBytes) throw unreadable(path, `it has ${file.length} bytes; up to ${maxBytes} are read`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file));
  } catch (cause) {
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

export function strings(json: JsonValue, path: string): string[] {
  if (Array.isArray(json) && json.every((item) => typeof item === "string")) return json;
  throw unreadable(path, "it is not a list of strings");
}
