import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CutawayError } from "@cutaway/core";
import { hashFiles } from "../load/hash-files.ts";
import { folderPath, recordPath } from "./cache.ts";
import { folderError } from "./file-error.ts";
import { folderStateOf, weightsOf } from "./folder-state.ts";
import type { Installed } from "./install-model.ts";
import { writeRecord } from "./model-record.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";

/** One file of a model in a folder. Without a hash any file of the size is taken. */
export interface WantedFile {
  /** Below the model's folder, with `/`. */
  path: string;
  size: number;
  sha256?: string;
}

export interface InstallingFolder {
  folder: string;
  wanted: { name: string; sha256?: string; files: readonly WantedFile[] };
  source: string;
  /** The bytes of one of the files. */
  deliver(file: WantedFile): Promise<AsyncIterable<Uint8Array>>;
  signal?: AbortSignal | undefined;
  /** How many bytes of all files are here. */
  onBytes?: ((bytes: number) => void) | undefined;
}

/**
 * Brings a model's folder into the models folder: file by file beside its place, each hashed on the way, and renamed when all are right. So under
 * its name there is the right folder or what was there before.
 * throws `wrong-size`, `wrong-hash`, `disk-full`, `models-folder`, and errors of the source
 */
export async function installFolder({ folder, wanted, source, deliver, signal, onBytes }: InstallingFolder): Promise<Installed> {
  try {
    return await inTemporaryFolder(folder, async (temporary) => {
      const unfinished = join(temporary, wanted.name);
      let bytes = 0;
      for (const file of wanted.files) {
        await writeFile(join(unfinished, file.path), file, await deliver(file), (length) => {
          signal?.throwIfAborted();
          bytes += length;
          onBytes?.(bytes);
        });
      }
      const path = folderPath(folder, wanted.name);
      const old = join(temporary, "old");
      try {
        renameSync(path, old);
      } catch {
        // There was none.
      }
      renameSync(unfinished, path);
      rmSync(old, { recursive: true, force: true });
      const { size, mtimeMs } = folderStateOf(path) ?? { size: bytes, mtimeMs: 0 };
      const sha256 = wanted.sha256 ?? (await hashFiles(weightsOf(path)));
      writeRecord(recordPath(folder, wanted.name), { sha256, size, mtimeMs, source, installed: new Date().toISOString() });
      return { path, size, sha256 };
    });
  } catch (error) {
    throw folderError(error, folder);
  }
}

async function writeFile(path: string, wanted: WantedFile, chunks: AsyncIterable<Uint8Array>, onChunk: (length: number) => void): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > wanted.size) throw wrong("wrong-size", wanted, `more than ${wanted.size} bytes came`);
      hash.update(chunk);
      await file.writeFile(chunk);
      onChunk(chunk.length);
    }
    if (bytes < wanted.size) throw wrong("wrong-size", wanted, `${bytes} bytes came, not ${wanted.size}`);
    const sha256 = hash.digest("hex");
    if (wanted.sha256 !== undefined && sha256 !== wanted.sha256)
      throw wrong("wrong-hash", wanted, `the SHA-256 of what came is ${sha256}, not ${wanted.sha256}`);
    await file.sync();
  } finally {
    await file.close();
  }
}

const wrong = (code: string, { path, size }: WantedFile, what: string) =>
  new CutawayError(code, `${path}: ${what}`, {
    kind: "network",
    fix: "This is another file than the one Cutaway knows by that name; try another source.",
    data: { name: path, size },
  });
