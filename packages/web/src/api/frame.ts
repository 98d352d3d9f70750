import { ApiError } from "./api-error.ts";

export interface Frame<Head> {
  head: Head;
  arrays: Record<string, Uint32Array | Uint8Array | Float32Array>;
}

interface Listed {
  arrays: { name: string; type: "u32" | "u8" | "f32"; length: number }[];
}

/** A JSON head and the typed arrays behind it, which stay where they came in (docs/api.md, packed tokens). */
export function readFrame<Head>(buffer: ArrayBuffer, schema: string): Frame<Head> {
  const headLength = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headLength))) as Head & Listed & { schema: string; version: number };
  if (head.schema !== schema || head.version !== 1) {
    throw new ApiError("unknown-schema", "the server sent an answer this page cannot read", "Reload the page: the server may have been updated.");
  }
  let at = 4 + headLength;
  const arrays: Frame<Head>["arrays"] = {};
  for (const { name, type, length } of head.arrays) {
    const Elements = { u8: Uint8Array, u32: Uint32Array, f32: Float32Array }[type];
    arrays[name] = new Elements(buffer, at, length);
    at += ((type === "u8" ? length : length * 4) + 3) & ~3;
  }
  return { head, arrays };
}
