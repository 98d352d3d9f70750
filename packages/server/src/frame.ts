/** Arrays of an answer by name. Little-endian, as every machine that Node runs on. */
export type Arrays = Readonly<Record<string, Uint32Array | Uint8Array | Float32Array>>;

/**
 * A JSON head with typed arrays behind it: a tenth of the time and a third of the bytes of the same figures as JSON.
 * uint32 length of the head in bytes; the head, padded with spaces to a multiple of 4; the arrays in the order in which the head's
 * `arrays` names them (`name`, `type`, `length` in elements), each beginning at a multiple of 4.
 */
export function frame(head: object, arrays: Arrays): Uint8Array<ArrayBuffer> {
  const listed = Object.entries(arrays).map(([name, values]) => ({ name, type: typeOf(values), length: values.length }));
  const json = new TextEncoder().encode(JSON.stringify({ ...head, arrays: listed }));
  const headLength = aligned(json.length);
  const size = Object.values(arrays).reduce((total, { byteLength }) => total + aligned(byteLength), 4 + headLength);
  const out = new Uint8Array(size);
  new DataView(out.buffer).setUint32(0, headLength, true);
  out.fill(0x20, 4, 4 + headLength);
  out.set(json, 4);
  let at = 4 + headLength;
  for (const { buffer, byteOffset, byteLength } of Object.values(arrays)) {
    out.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return out;
}

const typeOf = (values: Arrays[string]): string => (values instanceof Uint8Array ? "u8" : values instanceof Float32Array ? "f32" : "u32");

const aligned = (bytes: number): number => (bytes + 3) & ~3;
