import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Bytes under their SHA-256: the same body twice is stored once. */
export interface Blobs {
  /** @returns the hash, hex. */
  keep(bytes: Uint8Array): string;
  read(hash: string): Uint8Array | undefined;
  /** Deletes those of the hashes that no call names any more. */
  sweep(hashes: Iterable<string>): void;
}

export function blobsIn(db: DatabaseSync): Blobs {
  const has = db.prepare("select 1 from blobs where hash = ?");
  const insert = db.prepare("insert into blobs (hash, encoding, size, bytes) values (?, ?, ?, ?)");
  const select = db.prepare("select encoding, bytes from blobs where hash = ?");
  const remove = db.prepare(
    "delete from blobs where hash = ?1 and not exists (select 1 from calls where request_hash = ?1) and not exists (select 1 from calls where response_hash = ?1)",
  );

  return {
    keep(bytes) {
      const hash = hashOf(bytes);
      if (!has.get(hash)) {
        const packed = pack(bytes);
        insert.run(hash, packed.encoding, bytes.length, packed.bytes);
      }
      return hash;
    },
    read(hash) {
      const row = select.get(hash);
      if (!row) return undefined;
      const bytes = row.bytes as Uint8Array;
      return row.encoding === "zstd" ? unpack(bytes) : bytes;
    },
    sweep(hashes) {
      for (const hash of hashes) remove.run(hash);
    },
  };
}

export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Recorded bodies shrink to about an eighth; random bytes and very short ones are kept as they are. */
export function pack(bytes: Uint8Array): { encoding: "raw" | "zstd"; bytes: Uint8Array } {
  if (bytes.length < 256) return { encoding: "raw", bytes };
  const packed = zstdCompressSync(bytes);
  return packed.length < bytes.length * 0.9 ? { encoding: "zstd", bytes: packed } : { encoding: "raw", bytes };
}

export const unpack = (bytes: Uint8Array): Uint8Array => new Uint8Array(zstdDecompressSync(bytes));
