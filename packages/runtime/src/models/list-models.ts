import { statSync } from "node:fs";
import { cachedNames, folderPath, recordPath, weightsPath } from "./cache.ts";
import { hasWrongFile } from "./find-folder.ts";
import { folderStateOf } from "./folder-state.ts";
import { fits, readRecord } from "./model-record.ts";
import { type Environment, modelsFolder } from "./models-folder.ts";
import { registry as known, type RegisteredModel, registeredModel } from "./registry.ts";

export interface ListedModel {
  name: string;
  /**
   * `here`: as it was when it was hashed. `unchecked`: it changed since, or was put there by hand, and is hashed when it is used.
   * `damaged`: certainly not the file of that name. `absent`: in the registry, not on this machine.
   */
  state: "here" | "unchecked" | "damaged" | "absent";
  /** Bytes; of an absent one, what it will take. */
  size: number;
  path?: string;
  sha256?: string;
  /** Where it came from, in words, and when (ISO). */
  source?: string;
  installed?: string;
  registered?: RegisteredModel;
}

/** The models of the registry, then the others in the models folder. Nothing is hashed or downloaded. */
export function listModels(env?: Environment, registry: readonly RegisteredModel[] = known): ListedModel[] {
  const folder = modelsFolder(env);
  const cached = cachedNames(folder);
  const others = cached.filter((name) => !registeredModel(name, registry));
  return [...registry.map(({ name }) => name), ...others].map((name) => listed(name, folder, registeredModel(name, registry)));
}

function listed(name: string, folder: string, registered: RegisteredModel | undefined): ListedModel {
  const inFolder = registered ? registered.files : !statSync(weightsPath(folder, name), { throwIfNoEntry: false })?.isFile();
  if (inFolder) return listedFolder(name, folder, registered);
  const path = weightsPath(folder, name);
  const stats = statSync(path, { throwIfNoEntry: false });
  const base = { name, registered };
  if (!stats?.isFile()) return { ...base, state: "absent", size: registered?.size ?? 0 };
  const record = readRecord(recordPath(folder, name));
  const state =
    registered && stats.size !== registered.size
      ? "damaged"
      : record && fits(record, stats) && (!registered || registered.sha256 === record.sha256)
        ? "here"
        : "unchecked";
  return {
    ...base,
    state,
    size: stats.size,
    path,
    ...(record && state === "here" && { sha256: record.sha256 }),
    ...(record && { source: record.source, installed: record.installed }),
  };
}

function listedFolder(name: string, folder: string, registered: RegisteredModel | undefined): ListedModel {
  const path = folderPath(folder, name);
  const found = folderStateOf(path);
  if (!found) return { name, registered, state: "absent", size: registered?.size ?? 0 };
  const record = readRecord(recordPath(folder, name));
  const isRecorded = record?.size === found.size && record.mtimeMs === found.mtimeMs && (!registered || registered.sha256 === record.sha256);
  const state = registered?.files && hasWrongFile(path, registered.files) ? "damaged" : isRecorded ? "here" : "unchecked";
  return {
    name,
    registered,
    state,
    size: found.size,
    path,
    ...(record && state === "here" && { sha256: record.sha256 }),
    ...(record && { source: record.source, installed: record.installed }),
  };
}
