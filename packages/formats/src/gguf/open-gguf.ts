import { badGguf } from "./bad-gguf.ts";
import type { ByteSource } from "./byte-source.ts";
import { HeaderReader } from "./header-reader.ts";
import { limits } from "./limits.ts";
import { type GgufTensor, readTensorInfo, type TensorInfo } from "./read-tensor-info.ts";
import { readValue } from "./read-value.ts";
import type { GgufValue } from "./values.ts";

export interface GgufFile {
  version: 2 | 3;
  /** In the file's order. */
  metadata: ReadonlyMap<string, GgufValue>;
  /** By name, in the file's order. */
  tensors: ReadonlyMap<string, GgufTensor>;
  /** Bytes; every tensor starts at a multiple of it. */
  alignment: number;
  /** The tensor's raw bytes, read now. May be a view on the source. */
  read(tensor: GgufTensor): Uint8Array;
}

const magic = 0x46554747;
const defaultAlignment = 32;

/**
 * Opens a GGUF file, version 2 or 3, little-endian. Reads the header only: metadata and the tensors' names, types, shapes and places.
 * The file is taken for hostile: every count, length, offset and shape is checked against `limits` and against the bytes there are; names are
 * unique, texts valid UTF-8, tensors aligned, inside the file and apart from one another. Time and memory grow with the header's bytes only.
 * throws  `bad-gguf` for anything else, with what is wrong and at which byte (`data.at`).
 * source  the GGUF specification, https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function openGguf(source: ByteSource): GgufFile {
  const reader = new HeaderReader(source);
  const version = readVersion(reader);
  const tensorCount = reader.size("the number of tensors", limits.tensors);
  const metadata = readMetadata(reader, reader.size("the number of metadata entries", limits.metadata));
  const alignment = alignmentOf(metadata, reader.offset);
  const infos: TensorInfo[] = [];
  for (let index = 0; index < tensorCount; index++) infos.push(readTensorInfo(reader, index, alignment));
  const tensors = placeTensors(infos, Math.ceil(reader.offset / alignment) * alignment, source.size);
  return {
    version,
    metadata,
    tensors,
    alignment,
    read(tensor) {
      const bytes = source.read(tensor.offset, tensor.byteLength);
      if (bytes.length === tensor.byteLength) return bytes;
      throw badGguf(tensor.offset, `only ${bytes.length} of the ${tensor.byteLength} bytes of tensor ${JSON.stringify(tensor.name)} could be read`);
    },
  };
}

function readVersion(reader: HeaderReader): 2 | 3 {
  if (reader.uint32("the magic number") !== magic) {
    throw badGguf(0, "it does not start with GGUF", "Name a file in GGUF format; models in other formats have to be converted first.");
  }
  const version = reader.uint32("the version");
  if (version === 2 || version === 3) return version;
  if (version !== 0 && version % 0x1_0000 === 0) {
    throw badGguf(4, "it is big-endian", "Convert it to little-endian, e.g. with llama.cpp's gguf_convert_endian.py.");
  }
  const fix = version === 1 ? "Download the model again: version 1 was published for some days in August 2023 only." : "Update Cutaway.";
  throw badGguf(4, `it has version ${version}; versions 2 and 3 are read`, fix);
}

function readMetadata(reader: HeaderReader, count: number): Map<string, GgufValue> {
  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < count; index++) {
    const at = reader.offset;
    const key = reader.string(`the key of metadata entry ${index}`, limits.keyBytes);
    if (metadata.has(key)) throw badGguf(at, `the metadata key ${JSON.stringify(key)} occurs twice`);
    metadata.set(key, readValue(reader, `metadata ${JSON.stringify(key)}`));
  }
  return metadata;
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>, at: number): number {
  const alignment = metadata.get("general.alignment") ?? defaultAlignment;
  const isPowerOfTwo = typeof alignment === "number" && Number.isInteger(alignment) && alignment > 0 && Number.isInteger(Math.log2(alignment));
  if (isPowerOfTwo && alignment <= limits.alignment) return alignment;
  throw badGguf(at, `general.alignment is ${String(alignment).slice(0, 40)}; it must be a power of two up to ${limits.alignment}`);
}

/** Offsets from the start of the file; throws where two tensors share a name or a byte, or one ends outside the file. */
function placeTensors(infos: TensorInfo[], dataStart: number, fileSize: number): Map<string, GgufTensor> {
  const tensors = new Map<string, GgufTensor>();
  for (const { at, ...info } of infos) {
    const what = `tensor ${JSON.stringify(info.name)}`;
    if (tensors.has(info.name)) throw badGguf(at, `${what} occurs twice`);
    const offset = dataStart + info.offset;
    const end = offset + info.byteLength;
    if (end > fileSize) throw badGguf(at, `${what} ends at byte ${end}, the file at ${fileSize}`);
    tensors.set(info.name, { ...info, offset });
  }
  refuseOverlaps(infos);
  return tensors;
}

function refuseOverlaps(infos: TensorInfo[]): void {
  const inOrder = infos.toSorted((a, b) => a.offset - b.offset);
  for (const [index, { name, offset, at }] of inOrder.entries()) {
    const before = inOrder[index - 1];
    if (before && before.offset + before.byteLength > offset) {
      throw badGguf(at, `tensors ${JSON.stringify(before.name)} and ${JSON.stringify(name)} overlap`);
    }
  }
}
