import { deflateRawSync } from "node:zlib";

export interface ZipFile {
  name: string;
  bytes: Uint8Array;
  /** Default deflate. */
  stored?: boolean;
  /** Sizes and offset go to a zip64 extra field. */
  wide?: boolean;
  flags?: number;
  method?: number;
}

/** A zip archive, as small as the format allows; check sums are left 0, for nothing here reads them. */
export function makeZip(files: readonly ZipFile[], { comment = "", wideEnd = false } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, stored = false, wide = false, flags = 0, method = stored ? 0 : 8 } of files) {
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30 + 4);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(nameBytes.length, 26);
    local.writeUInt16LE(4, 28);
    parts.push(local.subarray(0, 30), nameBytes, local.subarray(30), packed);
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(bytes.length), 4);
      extra.writeBigUInt64LE(BigInt(packed.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(wide ? 0xffffffff : bytes.length, 24);
    entry.writeUInt16LE(nameBytes.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(wide ? 0xffffffff : offset, 42);
    directory.push(entry, nameBytes, extra);
    offset += 34 + nameBytes.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(wideEnd ? 0xffffffff : size, 12);
  end.writeUInt32LE(wideEnd ? 0xffffffff : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  const wideRecords = Buffer.alloc(wideEnd ? 76 : 0);
  if (wideEnd) {
    wideRecords.writeUInt32LE(0x06064b50, 0);
    wideRecords.writeBigUInt64LE(44n, 4);
    wideRecords.writeBigUInt64LE(BigInt(size), 40);
    wideRecords.writeBigUInt64LE(BigInt(offset), 48);
    wideRecords.writeUInt32LE(0x07064b50, 56);
    wideRecords.writeBigUInt64LE(BigInt(offset + size), 64);
  }
  return Buffer.concat([...parts, ...directory, wideRecords, end, Buffer.from(comment)]);
}
