import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CutawayError } from "@cutaway/core";
import { explainSystemError } from "./system-error.ts";

/**
 * Writes a file whole or not at all: to a temporary file beside it, then by one rename. An existing file is replaced only with
 * `force`; without it the name is taken by a link, which fails if somebody made the file meanwhile.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array, force: boolean): void {
  if (!force && existsSync(path)) throw exists(path);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content, { flush: true });
    if (force) renameSync(temporary, path);
    else linkSync(temporary, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") throw exists(path);
    throw explainSystemError(renamed(error, path), path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The error under the name that the user gave, not the temporary one. */
function renamed(error: unknown, path: string): unknown {
  if (error instanceof Error && "path" in error) error.path = path;
  return error;
}

const exists = (path: string) => new CutawayError("file-exists", `${path} exists`, { fix: "Choose another name, or replace it with --force." });
