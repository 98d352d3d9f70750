import { createReadStream, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { folderStateOf, weightsOf } from "./folder-state.ts";
import { installFolder, type WantedFile } from "./install-folder.ts";
import type { Installed } from "./install-model.ts";

/** What of a folder belongs to the model: configurations, tokenizers and templates, and the weights that are read. */
const isOfTheModel = /\.(?:json|jinja|model|txt)$/;

/** The files that are copied when a folder of the user's own becomes one of the models. @throws `model-not-found`, `bad-model` */
export function filesOfModel(path: string): WantedFile[] {
  const weights = weightsOf(path);
  const files = (folderStateOf(path)?.files ?? []).filter((file) => isOfTheModel.test(file) || weights.includes(join(path, file)));
  return files.map((file) => ({ path: file, size: statSync(join(path, file)).size }));
}

/** Installs a model from a folder that is here, by copying it. */
export function fromFolder(
  path: string,
  name: string,
  folder: string,
  { files, signal, onBytes }: { files: readonly WantedFile[]; signal?: AbortSignal | undefined; onBytes?(bytes: number): void },
): Promise<Installed> {
  return installFolder({
    folder,
    wanted: { name, files },
    source: `folder ${resolve(path)}`,
    deliver: async (file) => createReadStream(join(path, file.path), { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>,
    signal,
    onBytes,
  });
}
