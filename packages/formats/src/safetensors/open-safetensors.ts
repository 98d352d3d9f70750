import { CutawayError, isJsonObject, type JsonValue } from "@cutaway/core";
import type { ByteSource } from "../gguf/byte-source.ts";

/** Element types, and their bytes. */
const elementBytes = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 } as const;
export type SafetensorsType = keyof typeof elementBytes;

export interface SafetensorsTensor {
  name: string;
  type: SafetensorsType;
  /** Outermost first. */
  shape: readonly number[];
  /** From the start of the file. */
  offset: number;
  byteLength: number;
}

export interface SafetensorsFile {
  tensors: ReadonlyMap<string, SafetensorsTensor>;
  metadata: ReadonlyMap<string, string>;
  /** The tensor's raw bytes, read now. */
  read(tensor: SafetensorsTensor): Uint8Array;
}

/** What a header may claim [the largest known in brackets]. */
const limits = {
  headerBytes: 100_000_000, // the format's own
  tensors: 200_000, // [about 45,000]
  rank: 8,
};

/**
 * Opens a safetensors file: reads its header only. The file is taken for hostile: sizes, offsets and shapes are checked against the bytes there are;
 * tensors lie inside the file and apart from one another.
 * @throws `bad-safetensors`, with what is wrong and in which tensor
 * source  https://github.com/huggingface/safetensors, README, "Format"
 */
export function openSafetensors(source: ByteSource): SafetensorsFile {
  if (source.size < 8) throw bad("it is shorter than its header's length");
  const length = Number(view(source.read(0, 8)).getBigUint64(0, true));
  if (length > limits.headerBytes || 8 + length > source.size) throw bad(`its header is said to have ${length} bytes, the file has ${source.size}`);
  const header = parse(source.read(8, length));
  const tensors = new Map<string, SafetensorsTensor>();
  const metadata = new Map<string, string>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      for (const [key, value] of Object.entries(isJsonObject(entry) ? entry : {})) metadata.set(key, String(value));
    } else tensors.set(name, tensorOf(name, entry, 8 + length, source.size));
  }
  if (tensors.size > limits.tensors) throw bad(`it has ${tensors.size} tensors; ${limits.tensors} are believed`);
  refuseOverlaps(tensors);
  return {
    tensors,
    metadata,
    read(tensor) {
      const bytes = source.read(tensor.offset, tensor.byteLength);
      if (bytes.length === tensor.byteLength) return bytes;
      throw bad(`only ${bytes.length} of the ${tensor.byteLength} bytes of tensor ${nameOf(tensor.name)} could be read`);
    },
  };
}

function parse(bytes: Uint8Array): Record<string, JsonValue> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw bad(`its header is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (isJsonObject(header)) return header as Record<string, JsonValue>;
  throw bad("its header is not a JSON object");
}

function tensorOf(name: string, entry: JsonValue, dataStart: number, size: number): SafetensorsTensor {
  const what = `tensor ${nameOf(name)}`;
  const { dtype, shape, data_offsets: offsets } = isJsonObject(entry) ? entry : {};
  if (typeof dtype !== "string" || !Object.hasOwn(elementBytes, dtype)) {
    throw bad(`${what} is of type ${JSON.stringify(dtype)?.slice(0, 40)}; known are ${Object.keys(elementBytes).join(", ")}`);
  }
  const isSize = (value: JsonValue | undefined): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || shape.length > limits.rank || !shape.every(isSize)) throw bad(`${what} has no usable shape`);
  const [start, end] = Array.isArray(offsets) ? offsets : [];
  if (!isSize(start) || !isSize(end) || start > end || dataStart + end > size) throw bad(`${what} does not lie inside the file`);
  const type = dtype as SafetensorsType;
  const expected = shape.reduce((product, one) => product * one, elementBytes[type]);
  if (end - start !== expected) throw bad(`${what} has ${end - start} bytes, and its shape [${shape}] of ${type} takes ${expected}`);
  return { name, type, shape, offset: dataStart + start, byteLength: end - start };
}

function refuseOverlaps(tensors: ReadonlyMap<string, SafetensorsTensor>): void {
  const inOrder = [...tensors.values()].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  for (const [index, tensor] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before && before.offset + before.byteLength > tensor.offset) {
      throw bad(`tensors ${nameOf(before.name)} and ${nameOf(tensor.name)} overlap`);
    }
  }
}

const nameOf = (name: string): string => JSON.stringify(name.slice(0, 200));

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function bad(what: string): CutawayError {
  return new CutawayError("bad-safetensors", `not a usable safetensors file: ${what}`, {
    fix: "Check that the file was downloaded whole; its publisher lists size and checksum.",
  });
}
