import type { FileHandle } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { CutawayError } from "@cutaway/core";

/** A file inside a zip archive. */
export interface ZipEntry {
  /** Bytes unpacked, as the archive declares it. */
  size: number;
  /** The bytes unpacked. Nothing here checks them: their hash is checked by who takes them. May be more or fewer than declared. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** The end record is 22 bytes and a comment of at most 65,535. */
const longestEnd = 22 + 0xffff;
/** A wheel has few files; a directory this large (some 250,000 of them) is none. */
const longestDirectory = 16 * 1024 * 1024;

const signature = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, directory: 0x02014b50, local: 0x04034b50 };

/**
 * Finds one file in a zip archive by its name; stored or deflated, zip64 or not.
 * throws `bad-archive` for anything else, and where there is no such file
 * source  APPNOTE.TXT 6.3.10, PKWARE
 */
export async function zipEntry(file: FileHandle, name: string): Promise<ZipEntry> {
  const { size: length } = await file.stat();
  const directory = await readDirectory(file, length);
  const entry = findInDirectory(directory, name);
  const local = await readAt(file, entry.offset, 30);
  if (local.getUint32(0, true) !== signature.local) throw bad(`the header of ${name} is not where the directory says`);
  const start = entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  if (start + entry.packed > length) throw bad(`${name} reaches beyond the archive's end`);
  return { size: entry.size, chunks: () => unpack(file, start, entry.packed, entry.method) };
}

async function* unpack(file: FileHandle, start: number, packed: number, method: number): AsyncGenerator<Uint8Array> {
  const raw = Readable.from(slices(file, start, packed), { objectMode: false });
  if (method === 0) {
    yield* raw as AsyncIterable<Uint8Array>;
    return;
  }
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  pipeline(raw, inflate, () => {});
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw bad(`its deflated data is broken (${(cause as Error).message})`, cause);
  }
}

async function* slices(file: FileHandle, start: number, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const { bytesRead, buffer } = await file.read(new Uint8Array(Math.min(1 << 18, length - at)), 0, undefined, start + at);
    if (bytesRead === 0) throw bad("it ends in the middle of a file");
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function readDirectory(file: FileHandle, length: number): Promise<DataView> {
  const tailStart = Math.max(0, length - longestEnd);
  const tail = await readAt(file, tailStart, length - tailStart);
  let at = tail.byteLength - 22;
  while (at >= 0 && !(tail.getUint32(at, true) === signature.end && at + 22 + tail.getUint16(at + 20, true) === tail.byteLength)) at--;
  if (at < 0) throw bad("it is no zip archive, or is cut off");
  let size = tail.getUint32(at + 12, true);
  let offset = tail.getUint32(at + 16, true);
  if (size === 0xffffffff || offset === 0xffffffff) {
    if (at < 20 || tail.getUint32(at - 20, true) !== signature.locator64) throw bad("its zip64 end record is missing");
    const end64 = await readAt(file, wide(tail, at - 20 + 8), 56);
    if (end64.getUint32(0, true) !== signature.end64) throw bad("its zip64 end record is not where it says");
    size = wide(end64, 40);
    offset = wide(end64, 48);
  }
  if (size > longestDirectory) throw bad(`its directory has ${size} bytes, more than any wheel's`);
  return readAt(file, offset, size);
}

interface DirectoryEntry {
  method: number;
  packed: number;
  size: number;
  offset: number;
}

function findInDirectory(view: DataView, name: string): DirectoryEntry {
  for (let at = 0; at + 46 <= view.byteLength; ) {
    if (view.getUint32(at, true) !== signature.directory) throw bad("its directory is broken");
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw bad("its directory is cut off");
    const found = new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength));
    if (found === name) {
      const method = view.getUint16(at + 10, true);
      if ((view.getUint16(at + 8, true) & 1) !== 0) throw bad(`${name} is encrypted in it`);
      if (method !== 0 && method !== 8) throw bad(`${name} is packed by method ${method}, not deflate`);
      const extra = new DataView(view.buffer, view.byteOffset + at + 46 + nameLength, extraLength);
      const [size, packed, offset] = withZip64([view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)], extra);
      return { method, size, packed, offset };
    }
    at = next;
  }
  throw bad(`there is no ${name} in it`);
}

/** Fields of 0xffffffff stand, in this order, in extra field 1 with 64 bits. */
function withZip64(fields: [size: number, packed: number, offset: number], extra: DataView): [number, number, number] {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (end > extra.byteLength) break;
    if (extra.getUint16(at, true) === 1) {
      let from = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff) return field;
        if (from + 8 > end) throw bad("a zip64 size is missing");
        from += 8;
        return wide(extra, from - 8);
      }) as [number, number, number];
    }
    at = end;
  }
  return fields;
}

function wide(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw bad("a size in it is absurd");
  return Number(value);
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<DataView> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) throw bad("it is cut off");
    at += bytesRead;
  }
  return new DataView(bytes.buffer);
}

const bad = (what: string, cause?: unknown) =>
  new CutawayError("bad-archive", `the archive cannot be used: ${what}`, { fix: "Get it again, or try another source.", cause });
