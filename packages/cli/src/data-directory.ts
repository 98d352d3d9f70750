import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
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
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const ignore = join(directory, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
  } catch (error) {
    throw explainSystemError(error, directory);
  }
}

export const dataFile = (directory: string): string => join(directory, "cutaway.db");
