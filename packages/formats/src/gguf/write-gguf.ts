import { CutawayError } from "@cutaway/core";
import { ByteWriter } from "./byte-writer.ts";
import { type GgufTensorType, tensorTypes } from "./tensor-types.ts";
import { type GgufNumbers, type GgufNumberType, type GgufValue, type GgufValueType, numberArrays, valueTypes } from "./values.ts";

/**
 * A value to write. A plain number becomes uint32, int32, uint64 or int64, the first that holds it, and float32 where it is no integer;
 * readers such as llama.cpp insist on a width, so a float of integer value is given with its type.
 */
export type GgufWritable = GgufValue | { type: GgufNumberType; value: number | bigint };

export interface GgufTensorData {
  name: string;
  type: GgufTensorType;
  /** Innermost dimension first. */
  shape: number[];
  /** Raw bytes of the type's blocks. */
  bytes: Uint8Array;
}

export interface GgufContent {
  metadata: Iterable<readonly [key: string, value: GgufWritable]>;
  tensors: Iterable<GgufTensorData>;
}

/**
 * A GGUF file, version 3, little-endian. Metadata and tensors keep their order; `general.alignment` in the metadata is honoured (default 32).
 * throws `bad-gguf-content` for a value without a GGUF type, and for bytes that are not what the tensor's type and shape need.
 */
export function writeGguf({ metadata, tensors }: GgufContent): Uint8Array {
  const entries = [...metadata];
  const list = [...tensors];
  const alignment = alignmentOf(entries);
  const out = new ByteWriter();
  out.bytes(new TextEncoder().encode("GGUF"));
  out.number("uint32", 3);
  out.number("uint64", BigInt(list.length));
  out.number("uint64", BigInt(entries.length));
  for (const [key, value] of entries) {
    out.string(key);
    writeValue(out, key, value);
  }
  let offset = 0;
  for (const tensor of list) {
    requireBytes(tensor);
    out.string(tensor.name);
    out.number("uint32", tensor.shape.length);
    for (const dimension of tensor.shape) out.number("uint64", BigInt(dimension));
    out.number("uint32", tensorTypes[tensor.type].id);
    out.number("uint64", BigInt(offset));
    offset += Math.ceil(tensor.bytes.length / alignment) * alignment;
  }
  out.padTo(alignment);
  for (const { bytes } of list) {
    out.bytes(bytes);
    out.padTo(alignment);
  }
  return out.take();
}

function alignmentOf(entries: readonly (readonly [string, GgufWritable])[]): number {
  const given = entries.find(([key]) => key === "general.alignment")?.[1];
  const value = given === undefined ? 32 : typeof given === "object" && "type" in given ? given.value : given;
  if (typeof value === "number" && value > 0 && Number.isInteger(Math.log2(value))) return value;
  throw badContent("general.alignment must be a power of two");
}

function requireBytes({ name, type, shape, bytes }: GgufTensorData): void {
  const block = tensorTypes[type];
  const needed = (shape.reduce((product, dimension) => product * dimension, 1) / block.elements) * block.bytes;
  if ((shape[0] ?? 1) % block.elements !== 0)
    throw badContent(`tensor ${name}: rows of ${shape[0]} elements do not fill blocks of ${block.elements}`);
  if (bytes.length !== needed) throw badContent(`tensor ${name}: [${shape.join(", ")}] of ${type} takes ${needed} bytes, ${bytes.length} are given`);
}

function writeValue(out: ByteWriter, key: string, value: GgufWritable): void {
  if (typeof value === "object" && "type" in value) {
    if (!fits(value.type, value.value)) throw badContent(`metadata ${key}: ${value.value} is not a ${value.type}`);
    writeType(out, value.type);
    out.number(value.type, value.value);
    return;
  }
  const type = typeOf(key, value);
  writeType(out, type);
  writeOf(out, key, type, value);
}

function writeOf(out: ByteWriter, key: string, type: GgufValueType, value: GgufValue): void {
  if (typeof value === "string") out.string(value);
  else if (typeof value === "boolean") out.number("uint8", value ? 1 : 0);
  else if (typeof value === "number" || typeof value === "bigint") out.number(type as GgufNumberType, value);
  else if (ArrayBuffer.isView(value)) {
    writeType(out, typeOfNumbers(value));
    out.number("uint64", BigInt(value.length));
    out.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else {
    const types = new Set(value.map((element) => typeOf(key, element)));
    const [elements = "string"] = types;
    if (types.size > 1 || elements in numberArrays) {
      throw badContent(`metadata ${key}: an array holds strings, booleans or arrays; numbers are given as a typed array`);
    }
    writeType(out, elements);
    out.number("uint64", BigInt(value.length));
    for (const element of value) writeOf(out, key, elements, element);
  }
}

function typeOf(key: string, value: GgufValue): GgufValueType {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "object") return "array";
  if (typeof value === "number" && !Number.isSafeInteger(value)) return "float32";
  if (value >= 0 && value <= 0xffff_ffff) return "uint32";
  if (value < 0 && value >= -0x8000_0000) return "int32";
  if (value >= 0 && value <= 0xffff_ffff_ffff_ffffn) return "uint64";
  if (value < 0 && value >= -0x8000_0000_0000_0000n) return "int64";
  throw badContent(`metadata ${key}: ${value} does not fit 64 bits`);
}

function fits(type: GgufNumberType, value: number | bigint): boolean {
  if (type === "float32" || type === "float64") return true;
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  const stored = new numberArrays[type](1);
  stored[0] = (stored instanceof BigUint64Array || stored instanceof BigInt64Array ? BigInt(value) : Number(value)) as never;
  return BigInt(stored[0] as number | bigint) === BigInt(value);
}

function typeOfNumbers(value: GgufNumbers): GgufNumberType {
  for (const type of Object.keys(numberArrays) as GgufNumberType[]) if (value instanceof numberArrays[type]) return type;
  throw badContent("a typed array of a kind that GGUF does not know");
}

const writeType = (out: ByteWriter, type: GgufValueType) => out.number("uint32", valueTypes.indexOf(type));

const badContent = (what: string) => new CutawayError("bad-gguf-content", `cannot be written as GGUF: ${what}`);
