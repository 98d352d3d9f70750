import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { CutawayError } from "@cutaway/core";
import { hashFiles } from "../load/hash-files.ts";
import { folderPath, recordPath } from "./cache.ts";
import type { FindOptions, FoundModel } from "./find-model.ts";
import { folderStateOf, weightsOf } from "./folder-state.ts";
import { hashFile } from "./hash-file.ts";
import { readRecord, writeRecord } from "./model-record.ts";
import type { RegisteredFile, RegisteredModel } from "./registry.ts";

/**
 * The folder of a model in the cache; undefined where there is none. Its record holds the size of all its files, and when the last was changed.
 * throws `model-damaged`
 */
export async function findCachedFolder(
  name: string,
  folder: string,
  registered: RegisteredModel | undefined,
  { verify = false, signal, onBytes }: FindOptions,
): Promise<FoundModel | undefined> {
  const path = folderPath(folder, name);
  const state = folderStateOf(path);
  if (!state) return undefined;
  const { size, mtimeMs } = state;
  for (const file of registered?.files ?? []) requireSize(path, file, name);
  const record = readRecord(recordPath(folder, name));
  const expected = registered?.sha256 ?? record?.sha256;
  let sha256 = record?.sha256;
  if (verify || record?.size !== size || record.mtimeMs !== mtimeMs || sha256 !== expected) {
    for (const file of registered?.files ?? []) await requireHash(path, file, name, signal);
    sha256 = registered?.sha256 ?? (await hashFiles(weightsOf(path)));
    if (verify && expected !== undefined && sha256 !== expected) throw damaged(path, name, `its SHA-256 is ${sha256} instead of ${expected}`, false);
    onBytes?.(size, size);
    writeRecord(recordPath(folder, name), {
      sha256,
      size,
      mtimeMs,
      source: record?.source ?? "found",
      installed: record?.installed ?? new Date().toISOString(),
    });
  }
  return { name, path, size, sha256, source: record?.source ?? "found", registered };
}

/** A folder by its path. throws `not-a-model` */
export async function findFolder(path: string, { verify = false }: FindOptions): Promise<FoundModel> {
  const state = folderStateOf(path);
  if (!state) {
    throw new CutawayError("not-a-model", `${path} is a folder without config.json, so no model`, {
      fix: "Name a model's folder (config.json, model.safetensors, tokenizer.json), or a .gguf file.",
      data: { path },
    });
  }
  const sha256 = verify ? await hashFiles(weightsOf(path)) : undefined;
  return { name: basename(path), path, size: state.size, sha256 };
}

/** Whether a file of the registry's has another size than it must; cheap, so it is looked at every time. */
export const hasWrongFile = (path: string, files: readonly RegisteredFile[]): boolean =>
  files.some((file) => statSync(join(path, file.path), { throwIfNoEntry: false })?.size !== file.size);

function requireSize(path: string, file: RegisteredFile, name: string): void {
  const size = statSync(join(path, file.path), { throwIfNoEntry: false })?.size;
  if (size === file.size) return;
  throw damaged(path, name, size === undefined ? `${file.path} is not in it` : `its ${file.path} has ${size} bytes instead of ${file.size}`, true);
}

async function requireHash(path: string, file: RegisteredFile, name: string, signal: AbortSignal | undefined): Promise<void> {
  const sha256 = await hashFile(join(path, file.path), { signal });
  if (sha256 !== file.sha256) throw damaged(path, name, `the SHA-256 of its ${file.path} is ${sha256} instead of ${file.sha256}`, true);
}

const damaged = (path: string, name: string, what: string, isRegistered: boolean) =>
  new CutawayError("model-damaged", `${path} is damaged: ${what}`, {
    fix: isRegistered
      ? `Get it again with cutaway models pull ${name}.`
      : `Put the right files there, or delete ${path} and its record beside it, ${name}.json.`,
    data: { name, path },
  });
