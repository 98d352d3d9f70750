import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./transaction.ts";

/** More matches than this are not worth collecting: walking the list meets them soon enough. */
const fewLimit = 2000;
/** How many calls one search adds to the index: about a tenth of a second. */
const indexedAtOnce = 5000;

/**
 * Sequence numbers of the calls whose search text holds the needle, from the index of trigrams.
 * Calls are added to the index when somebody searches, not when they are stored: it would double the cost of storing one.
 * needle  lower case, not empty
 * @returns undefined where the list must be walked instead: too many matches, a needle too short for trigrams, or an index that is behind
 */
export function fewMatches(db: DatabaseSync, needle: string): number[] | undefined {
  if ([...needle].length < 3 || !isCaughtUp(db)) return undefined;
  const phrase = `"${needle.replaceAll('"', '""')}"`;
  const matches = db.prepare("select rowid from search_index where search_index match ? limit ?").all(phrase, fewLimit + 1);
  return matches.length > fewLimit ? undefined : matches.map(({ rowid }) => rowid as number);
}

function isCaughtUp(db: DatabaseSync): boolean {
  const pending = db.prepare("select call from search_texts where indexed = 0 limit ?").all(indexedAtOnce + 1);
  if (pending.length === 0) return true;
  const calls = JSON.stringify(pending.slice(0, indexedAtOnce).map(({ call }) => call));
  try {
    transaction(db, () => {
      db.prepare("delete from search_index where rowid in (select value from json_each(?))").run(calls);
      db.prepare("insert into search_index (rowid, text) select call, text from search_texts where call in (select value from json_each(?))").run(
        calls,
      );
      db.prepare("update search_texts set indexed = 1 where call in (select value from json_each(?))").run(calls);
    });
  } catch {
    return false; // locked, full or read-only: the list can still be walked
  }
  return pending.length <= indexedAtOnce;
}
