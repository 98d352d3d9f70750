import { statSync } from "node:fs";
import { cachedNames, recordPath, weightsPath } from "./cache.ts";
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
