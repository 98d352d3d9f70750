import type { DatabaseSync } from "node:sqlite";
import { type CallId, CutawayError } from "@cutaway/core";

export function resolveCall(db: DatabaseSync, reference: string): CallId {
  const fromLatest = /^latest(?:~(\d{1,9}))?$/.exec(reference);
  if (fromLatest) return nthLatest(db, Number(fromLatest[1] ?? 0));
  const prefix = reference.toUpperCase();
  if (!/^[0-9A-HJKMNP-TV-Z]{4,26}$/.test(prefix)) {
    throw new CutawayError("call-not-found", `${JSON.stringify(reference.slice(0, 80))} names no call`, {
      fix: "Give an id, at least 4 characters of its beginning, `latest` or `latest~1`; `cutaway list` shows them.",
    });
  }
  const found = db.prepare("select id from calls where id >= ? and id < ? order by id desc limit 6").all(prefix, `${prefix}~`);
  const ids = found.map(({ id }) => id as CallId);
  const [only] = ids;
  if (only === undefined) {
    throw new CutawayError("call-not-found", `no call begins with ${prefix}`, { fix: "`cutaway list` shows the ids." });
  }
  if (ids.length > 1) {
    const shown = ids.slice(0, 5).join(", ");
    throw new CutawayError("call-ambiguous", `${prefix} is the beginning of ${ids.length > 5 ? "more than 5" : ids.length} calls: ${shown}`, {
      fix: "Give more characters of the id.",
      data: { ids: ids.slice(0, 5) },
    });
  }
  return only;
}

function nthLatest(db: DatabaseSync, n: number): CallId {
  const row = db.prepare("select id from calls where arm_of is null order by id desc limit 1 offset ?").get(n);
  if (row) return row.id as CallId;
  const count = Number(db.prepare("select count(*) as n from calls where arm_of is null").get()?.n);
  const says =
    count === 0 ? "there are no calls yet" : `there ${count === 1 ? "is 1 call" : `are ${count} calls`}, so \`latest~${n}\` is none of them`;
  throw new CutawayError("call-not-found", says, { fix: "`cutaway list` shows the calls; `cutaway proxy` and `cutaway explain` record them." });
}
