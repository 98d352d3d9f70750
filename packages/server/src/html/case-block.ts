import type { JsonObject } from "@cutaway/core";

const open = '<script type="application/json" id="cutaway-case">';
const close = "</script>";

/** The case inside a page, as a block of data that no browser runs. `<` is written as an escape, so that no text in it can end the block. */
export const caseBlock = (json: JsonObject): string => open + JSON.stringify(json).replace(/</g, "\\u003c") + close;

/** The case that an exported page carries, as JSON text; undefined for any other input. */
export function caseInHtml(bytes: Uint8Array): Uint8Array | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!/^\s*<!doctype html/i.test(buffer.toString("latin1", 0, 100))) return undefined;
  const start = buffer.lastIndexOf(open);
  const end = buffer.indexOf(close, start);
  return start < 0 || end < 0 ? undefined : buffer.subarray(start + open.length, end);
}
