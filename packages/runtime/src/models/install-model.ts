import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { CutawayError } from "@cutaway/core";
import { recordPath, weightsPath } from "./cache.ts";
import { diskFull, folderError } from "./file-error.ts";
import { writeRecord } from "./model-record.ts";
import { claimPartial, freshPartial, type PartialFile } from "./partial-file.ts";

/** What the file must be. Without a hash any file of the size is taken: one of the user's own. */
export interface Wanted {
  name: string;
  /** Bytes. */
  size: number;
  sha256?: string;
}

/** Bytes from a source, from position `start` of the file on. */
export interface Delivery {
  start: number;
  etag?: string;
  chunks: AsyncIterable<Uint8Array>;
}

export interface Installing {
  folder: string;
  wanted: Wanted;
  /** For the record, in words. */
  source: string;
  /** Whether the source can go on where it was cut: what came is then kept for the next time. */
  resumable: boolean;
  /** Asks the source for the file, `have` bytes of which are here already. */
  deliver(have: { bytes: number; etag?: string }): Promise<Delivery>;
  signal?: AbortSignal;
  /** How many bytes of the file are here, after each chunk. */
  onBytes?(bytes: number): void;
}

export interface Installed {
  path: string;
  size: number;
  sha256: string;
}

/**
 * Brings a file into the models folder: into a partial file beside its place, hashed on the way, renamed when size and hash are right.
 * So under its name there is the right file or what was there before. Errors of the source pass through.
 * throws `wrong-size`, `wrong-hash`, `disk-full`, `models-folder`
 */
export async function installModel(installing: Installing): Promise<Installed> {
  const { folder, wanted, resumable } = installing;
  const partial = resumable ? claimPartial(folder, wanted.name) : freshPartial(folder, wanted.name);
  try {
    const sha256 = await fill(partial, installing);
    const path = weightsPath(folder, wanted.name);
    await rename(partial.path, path);
    partial.remove();
    await syncFolder(dirname(path));
    const stats = await stat(path);
    writeRecord(recordPath(folder, wanted.name), {
      sha256,
      size: stats.size,
      mtimeMs: stats.mtimeMs,
      source: installing.source,
      installed: new Date().toISOString(),
    });
    return { path, size: stats.size, sha256 };
  } catch (error) {
    const known = folderError(error, folder);
    if (resumable && !(known instanceof CutawayError && spoiled.has(known.code))) partial.release();
    else partial.remove();
    throw known;
  }
}

/** After these, what was written is of no use or in the way. */
const spoiled: ReadonlySet<string> = new Set(["wrong-size", "wrong-hash", "disk-full", "models-folder"]);

/** Fills the partial file to the end. Returns its hash. */
async function fill(partial: PartialFile, { folder, wanted, deliver, signal, onBytes }: Installing): Promise<string> {
  const file = await open(partial.path, "a+");
  try {
    let bytes = (await file.stat()).size;
    if (bytes >= wanted.size) {
      await file.truncate(0);
      bytes = 0;
    }
    const etag = partial.etag();
    const delivery = await deliver({ bytes, etag });
    const hash = createHash("sha256");
    if (delivery.start === 0) await file.truncate(0);
    else await hashStart(hash, partial.path, delivery.start);
    bytes = delivery.start;
    partial.setEtag(delivery.etag);
    onBytes?.(bytes);
    for await (const chunk of delivery.chunks) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > wanted.size) throw wrongSize(wanted, "more");
      hash.update(chunk);
      await writeAll(file, chunk, folder);
      onBytes?.(bytes);
    }
    signal?.throwIfAborted();
    if (bytes < wanted.size) throw wrongSize(wanted, bytes);
    const sha256 = hash.digest("hex");
    if (wanted.sha256 !== undefined && sha256 !== wanted.sha256) throw wrongHash(wanted, sha256);
    await file.sync();
    return sha256;
  } finally {
    await file.close();
  }
}

async function hashStart(hash: Hash, path: string, bytes: number): Promise<void> {
  for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
}

async function writeAll(file: FileHandle, chunk: Uint8Array, folder: string): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, at);
    if (bytesWritten === 0) throw diskFull(folder);
    at += bytesWritten;
  }
}

/** So that the new name outlives a power cut. Not every platform opens folders; the file itself was synced before. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

const wrongSize = ({ name, size }: Wanted, came: number | "more") =>
  new CutawayError("wrong-size", `${name}: ${came === "more" ? `more than ${size}` : came} bytes came, not ${size}`, {
    kind: "network",
    fix: "This is another file than the one Cutaway knows by that name; try another source.",
    data: { name, size },
  });

const wrongHash = ({ name, sha256 }: Wanted, came: string) =>
  new CutawayError("wrong-hash", `${name}: the SHA-256 of what came is ${came}, not ${sha256}`, {
    kind: "network",
    fix: "This is another file than the one Cutaway knows by that name; try another source.",
    data: { name, sha256, came },
  });
