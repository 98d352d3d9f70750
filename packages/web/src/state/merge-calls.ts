import type { CallRow } from "../api/types.ts";

/**
 * The list after its newest page was fetched again: rows at least as new as the page's oldest are replaced by it (so new calls appear
 * and deleted ones go), older ones stay. Both lists newest first. An empty or last page replaces all.
 */
export function mergeNewest(rows: readonly CallRow[], page: readonly CallRow[], isLast: boolean): CallRow[] {
  const oldest = page[page.length - 1]?.id;
  if (oldest === undefined || isLast) return [...page];
  return [...page, ...rows.filter((row) => row.id < oldest)];
}

/** The list with the next page of older calls behind it; calls already there are not repeated. */
export function appendOlder(rows: readonly CallRow[], page: readonly CallRow[]): CallRow[] {
  const last = rows[rows.length - 1]?.id;
  return last === undefined ? [...page] : [...rows, ...page.filter((row) => row.id < last)];
}
