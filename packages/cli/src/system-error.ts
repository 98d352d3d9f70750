import { CutawayError, type ErrorKind, isCutawayError } from "@cutaway/core";

interface SystemError extends Error {
  code: string;
  path?: string;
  syscall?: string;
  port?: number;
}

const isSystemError = (error: unknown): error is SystemError =>
  error instanceof Error && "code" in error && typeof error.code === "string" && "syscall" in error;

/** A failure of the operating system in words a person can act on; anything else is returned as it is. */
export function explainSystemError(error: unknown, doing?: string): unknown {
  if (isCutawayError(error) || !isSystemError(error)) return error;
  const what = error.path ?? doing ?? "the operation";
  const say = (code: string, message: string, fix: string, kind: ErrorKind = "usage") =>
    new CutawayError(code, message, { kind, fix, cause: error, data: { path: error.path, code: error.code } });
  switch (error.code) {
    case "ENOENT":
      return say("file-not-found", `${what}: no such file`, "Check the path; a stored call is named by its id or by latest.");
    case "EISDIR":
      return say("is-a-directory", `${what} is a directory`, `Name the files in it, e.g. ${what.replace(/\/$/, "")}/*.json.`);
    case "EACCES":
    case "EPERM":
      return say("no-permission", `${what}: permission denied`, "Change the permissions, or choose another place (CUTAWAY_DIR for the store).");
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(error);
    case "EROFS":
      return say("read-only", `${what}: the file system is read-only`, "Choose another place (CUTAWAY_DIR for the store).");
    case "ENOTDIR":
      return say("not-a-directory", `${what}: a part of the path is a file`, "Check the path.");
    case "EMFILE":
      return say("too-many-files", "too many open files", "Raise the limit (ulimit -n), or name fewer files at once.");
    case "EADDRINUSE":
      return say("port-in-use", `port ${error.port ?? ""} is in use`.replace("  ", " "), "Stop what uses it, or choose another with --port.");
    default:
      return error;
  }
}

/** A full disk in our words: of a file, or of the store. */
export const isDiskFull = (error: CutawayError): boolean => error.code === "disk-full" || error.code === "store-full";

const diskFull = (error: Error) =>
  new CutawayError("disk-full", "the disk is full", {
    fix: "Free some space, or put the store elsewhere with CUTAWAY_DIR; what was stored before is untouched.",
    cause: error,
  });
