import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { codeOf, folderError } from "./file-error.ts";
import { isAbandoned, ownerTag } from "./partial-file.ts";

const prefix = ".pip-";

/** A folder inside the models folder for what is not whole yet; whatever happens, it is gone when `work` has ended. */
export async function inTemporaryFolder<Result>(folder: string, work: (temporary: string) => Promise<Result>): Promise<Result> {
  removeAbandoned(folder);
  const temporary = mkdtempSync(join(folder, `${prefix}${ownerTag()}-`));
  try {
    return await work(temporary);
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What a process left that was ended in the middle. Its pip may be at work there still; then the next time. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(prefix)) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (!stats?.isDirectory() || !isAbandoned(name.slice(prefix.length), stats.mtimeMs)) continue;
    try {
      rmSync(join(folder, name), { recursive: true, force: true });
    } catch (error) {
      if (codeOf(error) !== "ENOTEMPTY") throw folderError(error, folder);
    }
  }
}
