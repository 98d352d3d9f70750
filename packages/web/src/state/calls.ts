import type { CallId } from "@cutaway/core";
import type { ApiError } from "../api/api-error.ts";
import { api } from "../api/client.ts";
import type { CallRow } from "../api/types.ts";
import { asApiError } from "../api/use-fetched.ts";
import { appendOlder, mergeNewest } from "./merge-calls.ts";
import { createStore, useStore } from "./store.ts";

export interface Filter {
  q: string;
  model: string;
  finding: string;
}

export interface Calls {
  filter: Filter;
  rows: CallRow[];
  /** Where older calls go on; undefined at the end of the list. */
  next: CallId | undefined;
  loading: boolean;
  /** The first page of this filter has arrived. */
  ready: boolean;
  error: ApiError | undefined;
}

const pageSize = 200;
const nothing: Calls = { filter: { q: "", model: "", finding: "" }, rows: [], next: undefined, loading: false, ready: false, error: undefined };
const store = createStore<Calls>(nothing);
let inFlight = new AbortController();

export const useCalls = (): Calls => useStore(store);
export const currentCalls = store.get;

/** Starts the list anew for a filter. */
export function filterCalls(filter: Filter): Promise<void> {
  inFlight.abort();
  inFlight = new AbortController();
  store.set((now) => ({ ...now, filter, loading: false, ready: false }));
  return fetchPage(undefined, (_, page) => page);
}

/** The page of calls older than those in the list. */
export async function loadOlder(): Promise<void> {
  const { loading, next } = store.get();
  if (!loading && next) await fetchPage(next, appendOlder);
}

/** Some calls are new, changed or gone: the newest page is fetched again, and any older row that is in the list. */
export async function refreshCalls(ids: readonly string[]): Promise<void> {
  if (!store.get().ready) return;
  await fetchNewest();
  const { rows } = store.get();
  const older = rows.flatMap((row, i) => (i >= pageSize && ids.includes(row.id) ? [{ id: row.id, before: rows[i - 1]?.id }] : []));
  for (const { id, before } of older.slice(0, 20)) await refreshRow(id, before);
}

async function fetchNewest(): Promise<void> {
  const signal = inFlight.signal;
  try {
    const page = await api.calls({ limit: pageSize, ...store.get().filter }, signal);
    store.set((now) => ({
      ...now,
      rows: mergeNewest(now.rows, page.rows, page.next === undefined),
      next: now.rows.length <= pageSize || page.next === undefined ? page.next : now.next,
      error: undefined,
    }));
  } catch (error) {
    if (!signal.aborted) store.set((now) => ({ ...now, error: asApiError(error) }));
  }
}

async function refreshRow(id: string, before: string | undefined): Promise<void> {
  const { rows } = await api.calls({ before, limit: 1, ...store.get().filter }, inFlight.signal).catch(() => ({ rows: [] }));
  const [row] = rows;
  store.set((now) => ({ ...now, rows: now.rows.flatMap((old) => (old.id !== id ? [old] : row?.id === id ? [row] : [])) }));
}

async function fetchPage(before: CallId | undefined, join: (rows: CallRow[], page: CallRow[]) => CallRow[]): Promise<void> {
  const signal = inFlight.signal;
  store.set((now) => ({ ...now, loading: true, error: undefined }));
  try {
    const page = await api.calls({ before, limit: pageSize, ...store.get().filter }, signal);
    store.set((now) => ({ ...now, rows: join(now.rows, page.rows), next: page.next, loading: false, ready: true }));
  } catch (error) {
    if (!signal.aborted) store.set((now) => ({ ...now, loading: false, ready: true, error: asApiError(error) }));
  }
}
