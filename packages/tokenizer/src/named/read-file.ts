import { readFileSync, statSync } from "node:fs";
import { isCutawayError, type JsonValue } from "@cutaway/core";
import { unreadable } from "./errors.ts";

/** The largest file that is read whole, twice the largest that is published; a GGUF file's header is read alone. */
const maxBytes = 64 * 1024 * 1024;

/** The bytes of a file. */
export function readWhole(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) throw unreadable(path, `it has ${size} bytes; a tokenizer's file may have up to ${maxBytes}`);
    return readFileSync(path);
  } catch (cause) {
    throw isCutawayError(cause) ? cause : unreadable(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

export function parsed(file: Uint8Array, path: string): JsonValue {
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
