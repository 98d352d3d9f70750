import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type CallId, CutawayError } from "@cutaway/core";
import { rowOf } from "./call-row.ts";
import { fewMatches } from "./search-calls.ts";
import type { CallRow, ListQuery } from "./store.ts";

/**
 * A page of the list, newest first, by id cursor: the cost is that of the page, not of the offset.
 * A search first asks the trigram index; where too many calls match for that to be quick, they are dense enough to be met by walking the list.
 */
export function listCalls(db: DatabaseSync, query: ListQuery): { rows: CallRow[]; next?: CallId } {
  const limit = query.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) {
    throw new CutawayError("invalid-limit", `a page holds 1 to 500 calls, not ${limit}`, { fix: "Ask for at most 500 and page with `before`." });
  }
  const where: string[] = [];
  const values: SQLInputValue[] = [];
  const and = (condition: string, ...more: SQLInputValue[]) => {
    where.push(condition);
    values.push(...more);
  };
  const from = query.finding === undefined ? "calls c" : "findings f cross join calls c on c.id = f.call_id";
  const id = query.finding === undefined ? "c.id" : "f.call_id";
  if (query.finding !== undefined) and("f.rule = ?", query.finding);
  if (query.before !== undefined) and(`${id} < ?`, query.before);
  if (query.model !== undefined) and("c.model = ?", query.model);
  if (query.session !== undefined) and("c.session = ?", query.session);
  if (query.experiment === undefined) and("c.arm_of is null");
  else if (query.experiment !== "any") and("c.id in (select call_id from experiment_rows where experiment = ?)", query.experiment);
  const needle = query.search?.trim().toLowerCase();
  if (needle) {
    const few = fewMatches(db, needle);
    if (few) and("c.seq in (select value from json_each(?))", JSON.stringify(few));
    else and("instr((select text from search_texts t where t.call = c.seq), ?) > 0", needle);
  }
  const sql = `select c.* from ${from} ${where.length ? `where ${where.join(" and ")}` : ""}
    ${query.finding === undefined ? "" : `group by ${id}`} order by ${id} desc limit ?`;
  const found = db.prepare(sql).all(...values, limit + 1);
  const page = found.slice(0, limit);
  const findings = findingsOf(
    db,
    page.map((columns) => columns.id as CallId),
  );
  const rows = page.map((columns) => rowOf(columns, findings.get(columns.id as CallId) ?? []));
  const last = rows[rows.length - 1];
  return found.length > limit && last ? { rows, next: last.id } : { rows };
}

function findingsOf(db: DatabaseSync, ids: CallId[]): Map<CallId, CallRow["findings"]> {
  const rows = db
    .prepare(
      `select call_id, rule, severity, certainty, json ->> '$.verification.verdict' as verdict from findings
       where call_id in (select value from json_each(?)) order by call_id, position`,
    )
    .all(JSON.stringify(ids));
  const byCall = new Map<CallId, CallRow["findings"]>();
  for (const { call_id, rule, severity, certainty, verdict } of rows) {
    const list = byCall.get(call_id as CallId) ?? [];
    list.push({ rule, severity, certainty, ...(verdict !== null && { verdict }) } as CallRow["findings"][number]);
    byCall.set(call_id as CallId, list);
  }
  return byCall;
}
