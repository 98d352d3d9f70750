import type { DatabaseSync } from "node:sqlite";
import { type Call, type CallId, CutawayError, plain } from "@cutaway/core";
import type { Blobs } from "./blobs.ts";
import { toDocument } from "./call-document.ts";
import { columnsOf } from "./call-row.ts";
import { searchTextOf } from "./preview.ts";
import type { Entry, NewRow, StoredFinding } from "./store.ts";

const columnNames = [
  "id issued created provider model format origin status finish ending input_tokens output_tokens ttft total preview parent error session request_hash response_hash",
].flatMap((names) => names.split(" "));

/** Writes into the tables of one call. Runs inside the caller's transaction. */
export interface CallWriter {
  /** The call over what is there of it. @returns it with the names of its bodies. */
  write(entry: Entry): Call;
  /** @returns false where the call is not there. */
  annotate(id: CallId, notes: Pick<Entry, "findings" | "cost">): boolean;
}

export function callWriter(db: DatabaseSync, blobs: Blobs): CallWriter {
  const before = db.prepare("select seq, request_hash, response_hash, arm_of from calls where id = ?");
  const upsert = db.prepare(
    `insert into calls (${columnNames.join(", ")}, arm_of) values (${columnNames.map((name) => `:${name}`).join(", ")}, :arm_of)
     on conflict (id) do update set ${columnNames.map((name) => `${name} = excluded.${name}`).join(", ")}, arm_of = coalesce(excluded.arm_of, arm_of)
     returning seq, arm_of`,
  );
  const document = db.prepare("insert into documents (call, json) values (?, ?) on conflict (call) do update set json = excluded.json");
  const searchText = db.prepare(
    "insert into search_texts (call, text, indexed) values (?, ?, 0) on conflict (call) do update set text = excluded.text, indexed = 0 where text <> excluded.text",
  );
  const setCost = db.prepare("update calls set cost = ? where seq = ?");
  const setCostLines = db.prepare("update documents set cost = ? where call = ?");
  const clearFindings = db.prepare("delete from findings where call_id = ?");
  const addFinding = db.prepare("insert into findings (call_id, position, rule, severity, certainty, json) values (?, ?, ?, ?, ?, ?)");
  const unchange = db.prepare("delete from changes where call_id = ?");
  const change = db.prepare("insert into changes (call_id) values (?)");

  const experiment = db.prepare("select 1 from experiments where id = ?");
  const place = db.prepare(
    `insert into experiment_rows (experiment, key, position, case_name, factors, repeat, role, outcome, call_id)
     values (:experiment, :key, :position, :case, :factors, :repeat, :role, :outcome, :call)
     on conflict (experiment, key) do update set outcome = excluded.outcome where call_id = excluded.call_id`,
  );

  const writeRow = (call: CallId, { factors, ...row }: NewRow) => {
    if (!experiment.get(row.experiment)) throw new CutawayError("experiment-not-found", `the store has no experiment ${row.experiment}`);
    const written = place.run({ ...row, factors: JSON.stringify(factors), call });
    if (written.changes === 0)
      throw new CutawayError("row-exists", `experiment ${row.experiment} has another call as ${row.key}`, { data: { key: row.key } });
  };

  const writeNotes = (id: CallId, seq: number, { findings, cost }: Pick<Entry, "findings" | "cost">) => {
    if (cost) {
      setCost.run(cost.total, seq);
      setCostLines.run(JSON.stringify(plain(cost)), seq);
    }
    if (findings) {
      clearFindings.run(id);
      findings.forEach((finding, position) => {
        const { rule, severity, certainty } = finding;
        addFinding.run(id, position, rule, severity, certainty, JSON.stringify(plain(withoutFunctions(finding))));
      });
    }
  };

  const tellChange = (id: CallId) => {
    unchange.run(id);
    change.run(id);
  };

  return {
    write({ call, bodies, row, ...notes }) {
      const old = before.get(call.id);
      const refs = { ...call.bodies };
      if (bodies?.request) refs.request = blobs.keep(bodies.request);
      if (bodies?.response) refs.response = blobs.keep(bodies.response);
      const stored: Call = refs.request === undefined && refs.response === undefined ? call : { ...call, bodies: refs };
      const requestBytes = bodies?.request ?? (refs.request === undefined ? undefined : blobs.read(refs.request));

      const { seq, arm_of } = upsert.get({ ...columnsOf(stored), arm_of: row?.role === "arm" ? row.experiment : null }) as {
        seq: number;
        arm_of: unknown;
      };
      document.run(seq, toDocument(stored, requestBytes));
      searchText.run(seq, searchTextOf(stored));
      writeNotes(call.id, seq, notes);
      if (row) writeRow(call.id, row);
      if (arm_of === null) tellChange(call.id);
      if (old) blobs.sweep(dropped([old.request_hash, old.response_hash], [refs.request, refs.response]));
      return stored;
    },
    annotate(id, notes) {
      const row = before.get(id);
      if (row) writeNotes(id, row.seq as number, notes);
      if (row && row.arm_of === null) tellChange(id);
      return row !== undefined;
    },
  };
}

/** A Finding fits where a StoredFinding does; its functions stay behind. */
function withoutFunctions({ change, ...finding }: StoredFinding): StoredFinding {
  return change ? { ...finding, change: { says: change.says, ...(change.set && { set: change.set }) } } : finding;
}

const dropped = (old: unknown[], now: unknown[]): string[] => old.filter((hash): hash is string => typeof hash === "string" && !now.includes(hash));
