import { CutawayError, isCutawayError } from "@cutaway/core";

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** A failure to write in the models folder, in words that a person can act on; anything else as it is, such as one to read a file elsewhere. */
export function folderError(error: unknown, folder: string): unknown {
  if (isCutawayError(error)) return error;
  if (error instanceof Error && "path" in error && typeof error.path === "string" && !error.path.startsWith(folder)) return error;
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(folder, error);
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOENT":
      return new CutawayError("models-folder", `${folder}: models cannot be kept there (${(error as Error).message})`, {
        fix: "Set CUTAWAY_MODELS to a folder you may write in.",
        data: { folder },
        cause: error,
      });
    default:
      return error;
  }
}

export const diskFull = (folder: string, cause?: unknown): CutawayError =>
  new CutawayError("disk-full", `${folder}: the disk is full`, {
    fix: "Free some space, or set CUTAWAY_MODELS to a folder on another disk; nothing half-written was left.",
    data: { folder },
    cause,
  });
