import { api } from "../api/client.ts";
import type { VerifyState } from "../api/types.ts";
import { refreshCalls } from "./calls.ts";
import { createStore, useStore } from "./store.ts";

export type Connection = "connecting" | "live" | "lost";

const connection = createStore<Connection>("connecting");
/** How often each call was announced as changed: a view of a call fetches it again when its number rises. */
const rounds = createStore<ReadonlyMap<string, number>>(new Map());

/** The verification that runs on the server, or the last that ran. */
const verifying = createStore<VerifyState | undefined>(undefined);

export const useVerifying = (): VerifyState | undefined => useStore(verifying);
export const useConnection = (): Connection => useStore(connection);
export const useRound = (id: string | undefined): number => useStore(rounds).get(id ?? "") ?? 0;

/** Bursts of changes (a stream being recorded) are gathered for this long, in milliseconds. */
const gather = 200;

/** Follows the server's announcements for as long as the page lives. */
export function followChanges(): () => void {
  const source = new EventSource("/api/events");
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wasLost = false;
  const flush = () => {
    timer = undefined;
    const ids = [...waiting];
    waiting = new Set();
    rounds.set((now) => {
      const next = new Map(now);
      for (const id of ids) next.set(id, (next.get(id) ?? 0) + 1);
      return next;
    });
    void refreshCalls(ids);
  };
  const soon = () => {
    timer ??= setTimeout(flush, gather);
  };
  source.addEventListener("changed", (event) => {
    try {
      const { ids } = JSON.parse(event.data as string) as { ids: string[] };
      for (const id of ids) waiting.add(id);
    } catch {
      // An announcement that cannot be read still says that something changed.
    }
    soon();
  });
  source.addEventListener("verify", (event) => {
    try {
      verifying.set(JSON.parse(event.data as string) as VerifyState);
    } catch {
      // What cannot be read is asked for when the page is loaded again.
    }
  });
  source.addEventListener("open", () => {
    connection.set("live");
    void api.verifying().then(verifying.set, () => {});
    // What changed while the connection was lost was not announced.
    if (wasLost) soon();
    wasLost = false;
  });
  source.addEventListener("error", () => {
    connection.set("lost");
    wasLost = true;
  });
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
