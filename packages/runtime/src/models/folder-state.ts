import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { shardsOf } from "../weights/safetensors-folder.ts";

export interface FolderState {
  /** Bytes of all its files. */
  size: number;
  /** When the last of them was changed, milliseconds since the epoch. */
  mtimeMs: number;
  /** Paths below it, with `/`, sorted. */
  files: string[];
}

/** A model's folder has a dozen files; one with more is somebody's home. */
const mostFiles = 1000;

/** What is in a model's folder and the folders in it; undefined where there is no config.json, so no model. */
export function folderStateOf(path: string): FolderState | undefined {
  if (statSync(join(path, "config.json"), { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const state: FolderState = { size: 0, mtimeMs: 0, files: [] };
  const visit = (below: string, depth: number) => {
    for (const entry of readdirSync(join(path, below))) {
      if (entry.startsWith(".")) continue;
      const at = below === "" ? entry : `${below}/${entry}`;
      const stats = statSync(join(path, at), { throwIfNoEntry: false });
      if (stats?.isDirectory() && depth > 0) visit(at, depth - 1);
      if (!stats?.isFile() || state.files.length >= mostFiles) continue;
      state.files.push(at);
      state.size += stats.size;
      state.mtimeMs = Math.max(state.mtimeMs, stats.mtimeMs);
    }
  };
  visit("", 1);
  state.files.sort();
  return state;
}

/** Its files of weights. @throws `model-not-found`, `bad-model` */
export const weightsOf = (path: string): string[] => shardsOf(path).shards.map((shard) => join(path, shard));
