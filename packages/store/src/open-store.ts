import { resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { type Call, type CallId, CutawayError } from "@cutaway/core";
import { blobsIn, hashOf } from "./blobs.ts";
import { fromDocument } from "./call-document.ts";
import { experimentsIn } from "./experiments.ts";
import { listCalls } from "./list-calls.ts";
import { type DatabaseOptions, openDatabase } from "./open-database.ts";
import { resolveCall } from "./resolve-call.ts";
import type { Store, StoredFinding } from "./store.ts";
import { explained } from "./store-errors.ts";
import { transaction } from "./transaction.ts";
import { callWriter } from "./write-call.ts";

/**
 * Opens the data file, makes it if it is missing (its folder must exist), and migrates it if it is old.
 * path  a file, or `:memory:`
 * @throws `store-cannot-open`, `not-a-store`, `store-newer`, and what `Store` throws
 */
export function openStore(path: string, options: DatabaseOptions = {}): Store {
  if (path === ":memory:") return storeOver(openDatabase(path), path);
  const file = resolve(path);
  const db = openDatabase(file, options);
  try {
    return { ...explained(file, () => storeOver(db, file)), path: file };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The store over an opened and migrated database. label  what errors call the file */
export function storeOver(db: DatabaseSync, label: string): Store {
  const blobs = blobsIn(db);
  const { write, annotate } = callWriter(db, blobs);
  const experiments = experimentsIn(db);
  const statements = {
    document: db.prepare("select d.json, d.cost from calls c join documents d on d.call = c.seq where c.id = ?"),
    findings: db.prepare("select json from findings where call_id = ? order by position"),
    inSession: db.prepare("select id from calls where session = ? and id < ? and arm_of is null order by id desc limit ?"),
    ofModel: db.prepare("select id from calls where model = ? and id < ? and arm_of is null order by id desc limit ?"),
    hashes: db.prepare("select seq, request_hash, response_hash, arm_of from calls where id = ?"),
    recorded: {
      request: db.prepare("select id from calls where request_hash = ?1 and response_hash is ?2 and origin = 'file' order by id limit 1"),
      response: db.prepare("select id from calls where response_hash = ?1 and request_hash is null and origin = 'file' order by id limit 1"),
    },
    unsearch: db.prepare("delete from search_index where rowid = ?"),
    remove: db.prepare("delete from calls where seq = ?"),
    unchange: db.prepare("delete from changes where call_id = ?"),
    change: db.prepare("insert into changes (call_id) values (?)"),
    changes: db.prepare("select sequence, call_id from changes where sequence > ? order by sequence"),
    last: db.prepare("select coalesce(max(sequence), 0) as n from changes"),
  };
  const ours = <T>(work: () => T): T => explained(label, work);

  const readCall = (id: CallId) => {
    const row = statements.document.get(id);
    return row && { call: fromDocument(row.json as string | Uint8Array, blobs.read), cost: row.cost as string | null };
  };

  const removeCall = (id: CallId): number => {
    const row = statements.hashes.get(id);
    if (!row) return 0;
    for (const { id: experiment } of experiments.list(id)) removeExperiment(experiment);
    statements.unsearch.run(row.seq as number);
    statements.remove.run(row.seq as number);
    blobs.sweep([row.request_hash, row.response_hash].filter((hash) => typeof hash === "string"));
    if (row.arm_of === null) {
      statements.unchange.run(id);
      statements.change.run(id);
    }
    return 1;
  };

  const removeExperiment = (id: string): boolean => {
    const arms = experiments.arms(id);
    const wasThere = experiments.remove(id);
    for (const arm of arms) removeCall(arm);
    return wasThere;
  };

  return {
    begin: (call, bodies) => ours(() => void transaction(db, () => write({ call: { ...call, ending: "open" }, ...(bodies && { bodies }) }))),
    put: (entry) => ours(() => transaction(db, () => write(entry))),
    annotate: (id, notes) => ours(() => transaction(db, () => annotate(id, notes))),
    get: (id) =>
      ours(() => {
        const found = readCall(id);
        if (!found) return undefined;
        const findings = statements.findings.all(id).map(({ json }) => JSON.parse(json as string) as StoredFinding);
        return { call: found.call, findings, ...(found.cost !== null && { cost: JSON.parse(found.cost) }) };
      }),
    resolve: (reference) => ours(() => resolveCall(db, reference)),
    list: (query = {}) => ours(() => listCalls(db, query)),
    body: (hash) => ours(() => blobs.read(hash)),
    sameRecording: ({ request, response }) =>
      ours(() => {
        const [asked, answered] = [request, response].map((bytes) => bytes && hashOf(bytes));
        if (asked !== undefined) return statements.recorded.request.get(asked, answered ?? null)?.id as CallId | undefined;
        return answered === undefined ? undefined : (statements.recorded.response.get(answered)?.id as CallId | undefined);
      }),
    related: (call, limit = 8) =>
      ours(() => {
        const model = call.model.asked ?? call.model.served;
        const session = call.trace?.session;
        if (session === undefined && model === undefined) return [];
        const rows =
          session === undefined ? statements.ofModel.all(model as string, call.id, limit) : statements.inSession.all(session, call.id, limit);
        return rows
          .map(({ id }) => readCall(id as CallId)?.call)
          .filter((found): found is Call => found !== undefined)
          .reverse();
      }),
    delete: (ids) => ours(() => transaction(db, () => ids.reduce((count, id) => count + removeCall(id), 0))),
    changedSince: (sequence) =>
      ours(() => {
        if (!Number.isSafeInteger(sequence) || sequence < 0) throw new CutawayError("invalid-sequence", `${sequence} is not a sequence number`);
        const rows = statements.changes.all(sequence);
        return { sequence: Number(rows[rows.length - 1]?.sequence ?? sequence), ids: rows.map((row) => row.call_id as CallId) };
      }),
    openExperiment: (experiment) => ours(() => transaction(db, () => experiments.open(experiment))),
    experiment: (id) => ours(() => experiments.get(id)),
    experiments: ({ about } = {}) => ours(() => experiments.list(about)),
    setExperimentStatus: (id, status) => ours(() => experiments.setStatus(id, status)),
    rows: (id) => ours(() => experiments.rows(id)),
    deleteExperiment: (id) => ours(() => transaction(db, () => removeExperiment(id))),
    lastSequence: () => ours(() => Number(statements.last.get()?.n)),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
