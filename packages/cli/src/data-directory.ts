import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CutawayError } from "@cutaway/core";
import { explainSystemError } from "./system-error.ts";

/**
 * Where calls are kept: `CUTAWAY_DIR`, else `.cutaway/` in the nearest folder upwards that has one, else `.cutaway/` here.
 * Nothing is made yet.
 */
export function findDataDirectory(cwd: string, env: NodeJS.ProcessEnv): string {
  if (env.CUTAWAY_DIR) return env.CUTAWAY_DIR;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, ".cutaway");
    if (existsSync(candidate)) return candidate;
    if (dirname(folder) === folder) return join(cwd, ".cutaway");
  }
}

/** Makes the directory where it is missing, with a `.gitignore` that keeps all of it out of version control. */
export function ensureDataDirectory(directory: string): void {
  try {
    makeFolder(resolve(directory));
    const ignore = join(directory, ".gitignore");
    if (!statSync(ignore, { throwIfNoEntry: false })?.size) writeFileSync(ignore, "*\n");
  } catch (error) {
    throw explainSystemError(error, directory);
  }
}

/** Level by level: Node's own `recursive` never ends where a folder exists that takes no folders, such as `/proc`. */
function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new CutawayError("not-a-directory", `${folder} is a file: calls cannot be kept in it`, { fix: "Set CUTAWAY_DIR to a folder." });
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    throw new CutawayError("cannot-make-folder", `${folder}: no folder can be made there`, {
      fix: "Set CUTAWAY_DIR to a folder you may write in.",
      cause: error,
    });
  }
}

export const dataFile = (directory: string): string => join(directory, "cutaway.db");
