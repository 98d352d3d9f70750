import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";

/**
 * When the connection of a request stood, told by the channels that Node's fetch publishes on.
 * A connection that was opened for an earlier request is `reused`: there was nothing to time.
 */
export interface ConnectionWatch {
  /** Runs `work`; whatever it fetches is watched. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Known once the request was written: `performance.now()` of the connection, or that an old one was taken. */
  readonly connected: { at: number; reused: boolean } | undefined;
}

export function watchConnection(): ConnectionWatch {
  subscribe();
  const watch: Watched = { connected: undefined };
  return {
    run: (work) => watching.run(watch, work),
    get connected() {
      return watch.connected;
    },
  };
}

interface Watched {
  connected: { at: number; reused: boolean } | undefined;
}

const watching = new AsyncLocalStorage<Watched>();
const openedSockets = new WeakMap<object, { at: number; used: boolean }>();
const requests = new WeakMap<object, Watched>();
let isSubscribed = false;

/** One subscription for the process: a request is tied to its caller when it is made, a socket to its request when the request is written to it. */
function subscribe(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  channel("undici:request:create").subscribe((message) => {
    const watch = watching.getStore();
    const request = objectIn(message, "request");
    if (watch && request) requests.set(request, watch);
  });
  channel("undici:client:connected").subscribe((message) => {
    const socket = objectIn(message, "socket");
    if (socket) openedSockets.set(socket, { at: performance.now(), used: false });
  });
  channel("undici:client:sendHeaders").subscribe((message) => {
    const request = objectIn(message, "request");
    const socket = objectIn(message, "socket");
    const watch = request && requests.get(request);
    if (!watch || !socket) return;
    const opened = openedSockets.get(socket);
    watch.connected = opened && !opened.used ? { at: opened.at, reused: false } : { at: performance.now(), reused: true };
    if (opened) opened.used = true;
  });
}

function objectIn(message: unknown, name: string): object | undefined {
  const value = typeof message === "object" && message !== null ? (message as Record<string, unknown>)[name] : undefined;
  return typeof value === "object" && value !== null ? value : undefined;
}
