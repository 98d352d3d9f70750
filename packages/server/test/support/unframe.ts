import type { JsonObject } from "@cutaway/core";

/** Reads packed tokens as docs/api.md describes them, on its own and copying: a slow twin of what the page does. */
export function unframe(bytes: Uint8Array): { head: JsonObject; arrays: Record<string, Uint8Array | Uint32Array | Float32Array> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headLength = view.getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.slice(4, 4 + headLength))) as JsonObject;
  const arrays: Record<string, Uint8Array | Uint32Array | Float32Array> = {};
  let at = 4 + headLength;
  for (const { name, type, length } of head.arrays as { name: string; type: string; length: number }[]) {
    if (at % 4 !== 0) throw new Error(`${name} begins at ${at}`);
    arrays[name] =
      type === "u8"
        ? bytes.slice(at, at + length)
        : type === "f32"
          ? Float32Array.from({ length }, (_, i) => view.getFloat32(at + 4 * i, true))
          : Uint32Array.from({ length }, (_, i) => view.getUint32(at + 4 * i, true));
    at += type === "u8" ? Math.ceil(length / 4) * 4 : 4 * length;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes are left over`);
  return { head, arrays };
}
