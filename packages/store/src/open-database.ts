import { DatabaseSync } from "node:sqlite";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import { explained, isBusy } from "./store-errors.ts";

export interface DatabaseOptions {
  /** How long a write waits for another process before `store-locked`, in milliseconds; 5,000 if absent. A write itself takes about one. */
  patience?: number;
}

/**
 * The opened, migrated data file. WAL: readers and one writer do not wait for each other.
 * `synchronous = normal`: a commit is in the operating system's hands when it returns, so it survives the death of the process;
 * a power cut can take the commits since the last checkpoint, never more, and never leaves a damaged file.
 */
export function openDatabase(path: string, { patience = 5000 }: DatabaseOptions = {}): DatabaseSync {
  return explained(path, () => {
    const db = new DatabaseSync(path, { timeout: patience, defensive: true });
    try {
      db.prepare("select count(*) from sqlite_schema").get();
      retried(() => migrate(db, path, migrations));
      enterWal(db);
      db.exec("pragma synchronous = normal; pragma journal_size_limit = 67108864; pragma cache_size = -8000");
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  });
}

/** Switching a new file to WAL does not wait as other statements do. Some network drives know no WAL: the journal they have serves as well. */
function enterWal(db: DatabaseSync): void {
  retried(() => db.exec("pragma journal_mode = wal"));
}

function retried(work: () => void): void {
  for (let attempt = 0; ; attempt++) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === 50) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
