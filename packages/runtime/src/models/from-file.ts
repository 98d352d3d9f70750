import { createReadStream, type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { CutawayError } from "@cutaway/core";
import { type Installed, installModel, type Wanted } from "./install-model.ts";

export interface FromFile {
  path: string;
  folder: string;
  /** What the file must be; by the size of the file itself where nothing is known of it. */
  wanted: Wanted;
  signal?: AbortSignal;
  onBytes?(bytes: number): void;
}

/** Installs a model from a file that is here, by copying it. */
export async function fromFile({ path, folder, wanted, signal, onBytes }: FromFile): Promise<Installed> {
  const { size } = regularFile(path);
  if (size !== wanted.size)
    throw new CutawayError("wrong-size", `${path} has ${size} bytes; ${wanted.name} has ${wanted.size}`, {
      fix: "Name another file; a file of your own keeps its own name: cutaway models pull FILE.",
      data: { path, size, expected: wanted.size },
    });
  return installModel({
    folder,
    wanted,
    source: `file ${resolve(path)}`,
    resumable: false,
    signal,
    onBytes,
    deliver: async () => ({ start: 0, chunks: createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array> }),
  });
}

export function regularFile(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return stats;
  throw new CutawayError(stats ? "not-a-file" : "file-not-found", `${path}: ${stats ? "is no file" : "no such file"}`, {
    fix: "Give the path of a .gguf file, or of a wheel (.whl).",
    data: { path },
  });
}
