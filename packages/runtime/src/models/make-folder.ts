import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { codeOf, folderError } from "./file-error.ts";

/** Makes a folder with those above it, level by level: Node's own `recursive` never ends where nobody can make any, such as under `/proc`. */
export function makeFolder(folder: string): void {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (dirname(folder) !== folder) makeFolder(dirname(folder));
    try {
      mkdirSync(folder);
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || !statSync(folder).isDirectory()) throw error;
    }
  } catch (error) {
    throw folderError(error, folder);
  }
}
