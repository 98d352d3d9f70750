import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { CutawayError } from "@cutaway/core";
import { folderStateOf } from "./folder-state.ts";

/** A model is called after its file: letters, digits, dot, dash and underscore. */
const validName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

export const isModelName = (name: string): boolean => validName.test(name);

/** Whether a person means a file: it ends like one, or has a folder in it. */
export const looksLikePath = (nameOrPath: string): boolean => /\.gguf$/i.test(nameOrPath) || /[/\\]/.test(nameOrPath);

export const weightsPath = (folder: string, name: string): string => join(folder, `${name}.gguf`);
/** Where a model that is a folder lies. */
export const folderPath = (folder: string, name: string): string => join(folder, name);
export const recordPath = (folder: string, name: string): string => join(folder, `${name}.json`);

/** The name under which a file of the user's own is kept. */
export function nameOfFile(path: string): string {
  const name = basename(resolve(path)).replace(/\.gguf$/i, "");
  if (isModelName(name)) return name;
  throw new CutawayError("model-name", `${path}: the file's name is none a model can be kept under`, {
    fix: "Rename it: letters, digits, dot, dash and underscore; a file ends with .gguf.",
  });
}

/** Names of the models in the folder, sorted. */
export function cachedNames(folder: string): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch {
    return [];
  }
  const names = files.flatMap((file) =>
    file.endsWith(".gguf") ? [file.slice(0, -".gguf".length)] : folderStateOf(join(folder, file)) ? [file] : [],
  );
  return [...new Set(names)].filter(isModelName).sort();
}
