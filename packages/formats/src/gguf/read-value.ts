import { badGguf } from "./bad-gguf.ts";
import type { HeaderReader } from "./header-reader.ts";
import { limits } from "./limits.ts";
import { readStrings } from "./read-strings.ts";
import { type GgufNumbers, type GgufNumberType, type GgufValue, type GgufValueType, numberArrays, valueTypes } from "./values.ts";

/** A type and a value of it. `what` names it in errors. */
export function readValue(reader: HeaderReader, what: string): GgufValue {
  return readOf(readType(reader, what), reader, what, 0);
}

function readOf(type: GgufValueType, reader: HeaderReader, what: string, depth: number): GgufValue {
  switch (type) {
    case "string":
      return reader.string(what, limits.stringBytes);
    case "bool":
      return readBoolean(reader, what);
    case "array":
      return readArray(reader, what, depth + 1);
    case "uint64":
    case "int64": {
      const value = reader[type](what);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    }
    default:
      return reader[type](what);
  }
}

function readType(reader: HeaderReader, what: string): GgufValueType {
  const at = reader.offset;
  const number = reader.uint32(`the type of ${what}`);
  const type = valueTypes[number];
  if (!type) throw badGguf(at, `${what} has the unknown type ${number}`);
  return type;
}

function readBoolean(reader: HeaderReader, what: string): boolean {
  const at = reader.offset;
  const byte = reader.uint8(what);
  if (byte > 1) throw badGguf(at, `${what} is a boolean of value ${byte}`);
  return byte === 1;
}

function readArray(reader: HeaderReader, what: string, depth: number): GgufNumbers | GgufValue[] {
  if (depth > limits.arrayDepth) throw badGguf(reader.offset, `${what} holds arrays more than ${limits.arrayDepth} deep`);
  const type = readType(reader, `the elements of ${what}`);
  const at = reader.offset;
  const count = reader.size(`the length of ${what}`, limits.arrayElements);
  if (count * smallestBytes(type) > reader.left) {
    throw badGguf(at, `${what} claims ${count} elements, more than the ${reader.left} bytes left can hold`);
  }
  if (isNumberType(type)) {
    const numbers = numberArrays[type];
    return new numbers(reader.copy(count * numbers.BYTES_PER_ELEMENT, what).buffer);
  }
  if (type === "string") return readStrings(reader, count, `an element of ${what}`);
  const values: GgufValue[] = [];
  for (let index = 0; index < count; index++) values.push(readOf(type, reader, `an element of ${what}`, depth));
  return values;
}

const isNumberType = (type: GgufValueType): type is GgufNumberType => type in numberArrays;

/** What one element takes at least: a string its length, an array its type and length. */
function smallestBytes(type: GgufValueType): number {
  if (isNumberType(type)) return numberArrays[type].BYTES_PER_ELEMENT;
  return type === "bool" ? 1 : type === "string" ? 8 : 12;
}
