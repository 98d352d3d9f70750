import { CutawayError } from "@cutaway/core";

/** SQLite's primary result codes (sqlite3.h), as far as a person can do something about them. */
const causes: Record<number, { code: string; says: string; fix: string; kind?: "internal" }> = {
  5: {
    code: "store-locked",
    says: "another process is writing to it and does not finish",
    fix: "Wait for the other cutaway command to end, or stop it.",
  },
  6: { code: "store-locked", says: "another process holds a lock on it", fix: "Wait for the other cutaway command to end, or stop it." },
  8: {
    code: "store-read-only",
    says: "it may not be written to",
    fix: "Give yourself write permission on the file and its folder, or set CUTAWAY_DIR to another folder.",
  },
  10: {
    code: "store-io",
    says: "the disk reported an error",
    fix: "Check the disk and its free space; copy the data file elsewhere before going on.",
  },
  11: {
    code: "store-corrupt",
    says: "it is damaged",
    fix: "Copy it aside, then recover what is left with `sqlite3 FILE .recover`, or delete it to begin anew.",
  },
  13: { code: "store-full", says: "the disk is full", fix: "Free some space on the disk; what was stored before is intact." },
  14: {
    code: "store-cannot-open",
    says: "it cannot be opened",
    fix: "Check that the folder exists and that you may write in it, or set CUTAWAY_DIR to another folder.",
  },
  18: { code: "call-too-large", says: "the call is larger than SQLite can hold (1 GB)", fix: "Record a smaller answer." },
  26: { code: "not-a-store", says: "it is not a SQLite file", fix: "Name another file, or move this one away." },
};

/** Runs `work` and throws what SQLite says about the data file as a CutawayError with what to do. */
export function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeError(path, error);
  }
}

export function storeError(path: string, error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const primary = error.errcode & 0xff;
  const cause = causes[primary === 1 && damaged.test(error.message) ? 11 : primary];
  const data = { path, sqlite: error.errcode };
  if (cause) return new CutawayError(cause.code, `data file ${path}: ${cause.says} (${error.message})`, { fix: cause.fix, data, cause: error });
  if (error.code === "ERR_INVALID_STATE")
    return new CutawayError("store-closed", `data file ${path}: the store is closed`, { kind: "internal", data, cause: error });
  return new CutawayError("store-failed", `data file ${path}: ${error.message}`, { kind: "internal", data, cause: error });
}

/** What SQLite says under its general code 1 when tables of ours are missing or unreadable: our statements fit every whole store. */
const damaged = /vtable constructor failed|malformed|no such table/;

export const isBusy = (error: unknown): boolean => isSqliteError(error) && [5, 6].includes(error.errcode & 0xff);

interface SqliteError extends Error {
  code: string;
  errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_SQLITE_ERROR" || (error.code === "ERR_INVALID_STATE" && error.message.includes("database"));
}
