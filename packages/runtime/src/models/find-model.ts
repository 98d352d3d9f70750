import { closeSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { CutawayError } from "@cutaway/core";
import { statIfThere } from "../load/stat-if-there.ts";
import { cachedNames, isModelName, looksLikePath, nameOfFile, recordPath, weightsPath } from "./cache.ts";
import { codeOf } from "./file-error.ts";
import { findCachedFolder, findFolder } from "./find-folder.ts";
import { hashFile } from "./hash-file.ts";
import { fits, readRecord, writeRecord } from "./model-record.ts";
import { type Environment, modelsFolder } from "./models-folder.ts";
import { registry as known, type RegisteredModel, registeredModel } from "./registry.ts";

/** A model's file, or folder, that is there and whole, as far as is known. */
export interface FoundModel {
  /** In the registry, or the file's name without `.gguf`. */
  name: string;
  path: string;
  /** Bytes; of a folder those of all its files. */
  size: number;
  /** Of the file, or of a folder's weights. Known for every model in the cache; undefined for a path, which is not hashed. */
  sha256?: string;
  /** Where an installed file came from, in words. */
  source?: string;
  registered?: RegisteredModel;
}

export interface FindOptions {
  env?: Environment;
  /** Models known by name; the registry of Cutaway, unless a program has its own. */
  registry?: readonly RegisteredModel[];
  /** Hash the file even where its record fits. */
  verify?: boolean;
  signal?: AbortSignal;
  /** Where the file is hashed: how many bytes of `of` so far. */
  onBytes?(bytes: number, of: number): void;
}

/**
 * The file of a model by its name or path. Nothing is downloaded.
 * A cached file whose size and time of change are those recorded when it was hashed is taken as it is; any other is hashed again.
 * throws `model-not-found`, `model-damaged`, `not-gguf`, `not-a-model`
 */
export async function findModel(nameOrPath: string, options: FindOptions = {}): Promise<FoundModel> {
  const folder = modelsFolder(options.env);
  if (!looksLikePath(nameOrPath)) return findCached(nameOrPath, folder, options);
  const path = resolve(nameOrPath);
  if (statIfThere(path)?.isDirectory()) return dirname(path) === folder ? findCached(basename(path), folder, options) : findFolder(path, options);
  if (dirname(path) === folder && fileAt(path)) return findCached(nameOfFile(path), folder, options);
  return findFile(path, options);
}

async function findCached(name: string, folder: string, options: FindOptions): Promise<FoundModel> {
  const { verify = false, signal, onBytes, registry = known } = options;
  const registered = registeredModel(name, registry);
  if (isModelName(name) && (registered ? registered.files : !fileAt(weightsPath(folder, name)))) {
    const found = await findCachedFolder(name, folder, registered, options);
    if (found) return found;
    throw notFound(name, folder, registry);
  }
  const path = weightsPath(folder, name);
  const stats = isModelName(name) ? fileAt(path) : undefined;
  if (!stats) throw notFound(name, folder, registry);
  if (registered && stats.size !== registered.size) throw damaged(registered, name, path, `${stats.size} bytes instead of ${registered.size}`);
  const record = readRecord(recordPath(folder, name));
  const expected = registered?.sha256 ?? record?.sha256;
  let sha256 = record?.sha256;
  if (verify || !record || !fits(record, stats) || sha256 !== expected) {
    sha256 = await hashFile(path, { signal, onBytes: (bytes) => onBytes?.(bytes, stats.size) });
    if (expected !== undefined && sha256 !== expected) throw damaged(registered, name, path, `its SHA-256 is ${sha256} instead of ${expected}`);
    writeRecord(recordPath(folder, name), {
      sha256,
      size: stats.size,
      mtimeMs: stats.mtimeMs,
      source: record?.source ?? "found",
      installed: record?.installed ?? new Date().toISOString(),
    });
  }
  return {
    name,
    path,
    size: stats.size,
    sha256,
    source: record?.source ?? "found",
    registered,
  };
}

async function findFile(path: string, { verify = false, signal, onBytes }: FindOptions): Promise<FoundModel> {
  const stats = fileAt(path);
  if (!stats) {
    throw new CutawayError("model-not-found", `${path}: no such file`, {
      fix: "Check the path, or name a model: cutaway models list shows them.",
      data: { path },
    });
  }
  if (!beginsAsGguf(path))
    throw new CutawayError("not-gguf", `${path} is no GGUF file`, { fix: "Name a model in GGUF format, or a model's folder.", data: { path } });
  const sha256 = verify ? await hashFile(path, { signal, onBytes: (bytes) => onBytes?.(bytes, stats.size) }) : undefined;
  return { name: path.replace(/^.*[/\\]/, "").replace(/\.gguf$/i, ""), path, size: stats.size, sha256 };
}

function fileAt(path: string): Stats | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) throw new CutawayError("not-gguf", `${path} is no file`, { fix: "Name a model in GGUF format.", data: { path } });
    return stats;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOTDIR" || code === "ENAMETOOLONG") return undefined;
    if (code === "ELOOP")
      throw new CutawayError("not-gguf", `${path} is a link that leads back to itself`, { fix: "Name the file itself.", data: { path } });
    throw error;
  }
}

/** Whether the file begins with the four letters of the format. */
export function beginsAsGguf(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const start = new Uint8Array(4);
    return readSync(file, start, 0, 4, 0) === 4 && String.fromCharCode(...start) === "GGUF";
  } finally {
    closeSync(file);
  }
}

function notFound(name: string, folder: string, registry: readonly RegisteredModel[]): CutawayError {
  const names = [...new Set([...registry.map((model) => model.name), ...cachedNames(folder)])];
  const isKnown = registeredModel(name, registry) !== undefined;
  return new CutawayError(
    "model-not-found",
    isKnown ? `the model ${name} is not on this machine` : `the model ${JSON.stringify(name)} is not known`,
    {
      fix: isKnown
        ? `Get it with cutaway models pull ${name}.`
        : `Name one of ${names.join(", ")}, or give the path of a .gguf file or a model's folder. cutaway models pull ${registry[0]?.name} gets a model.`,
      data: { name, known: names, folder },
    },
  );
}

const damaged = (registered: RegisteredModel | undefined, name: string, path: string, what: string): CutawayError =>
  new CutawayError("model-damaged", `${path} is damaged: ${what}`, {
    fix: registered
      ? `Get it again with cutaway models pull ${name}.`
      : `Put the right file there, or delete ${path} and its record beside it, ${name}.json.`,
    data: { name, path },
  });
