import type { DatabaseSync } from "node:sqlite";

/** All of `work` or nothing. `immediate` takes the write lock first, so that it waits at the start and never fails in the middle. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("begin immediate");
  try {
    const result = work();
    db.exec("commit");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("rollback");
    throw error;
  }
}
