import type { DatabaseSync } from "node:sqlite";
import { CutawayError } from "@cutaway/core";
import type { Migration } from "./migrations.ts";
import { transaction } from "./transaction.ts";

/** Marks a SQLite file as ours in its header ("CUTA"). */
export const applicationId = 0x43555441;

/**
 * Brings the file to the newest schema: all missing steps in one transaction, so that a file is never between two.
 * Two processes may do it at once: the second waits and finds it done.
 * @throws `store-newer` for a file of a later version, `not-a-store` for a database of another program; neither is touched.
 */
export function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  refuseForeign(db, path, migrations.length);
  if (schemaOf(db) === migrations.length) return;
  transaction(db, () => {
    for (const migration of migrations.slice(schemaOf(db))) migration.run(db);
    db.exec(`pragma application_id = ${applicationId}; pragma user_version = ${migrations.length}`);
  });
}

function refuseForeign(db: DatabaseSync, path: string, newest: number): void {
  const owner = numberOf(db, "application_id");
  const isEmpty = db.prepare("select count(*) as n from sqlite_schema").get()?.n === 0;
  if (owner !== applicationId && !(owner === 0 && isEmpty)) {
    throw new CutawayError("not-a-store", `data file ${path}: it is a SQLite file of another program`, {
      fix: "Name another file, or set CUTAWAY_DIR to another folder.",
      data: { path },
    });
  }
  const schema = schemaOf(db);
  if (schema > newest) {
    throw new CutawayError("store-newer", `data file ${path}: it has schema ${schema}, this version reads up to ${newest}`, {
      fix: "Update Cutaway, or set CUTAWAY_DIR to another folder.",
      data: { path, schema, newest },
    });
  }
}

const schemaOf = (db: DatabaseSync): number => numberOf(db, "user_version");

const numberOf = (db: DatabaseSync, pragma: string): number => Number(db.prepare(`pragma ${pragma}`).get()?.[pragma]);
