import type { IncomingHttpHeaders } from "node:http";

/** What the proxy sees of one exchange, in order. `at` is milliseconds after the request came in. */
export type Item = { call: number } & (
  | { kind: "open"; seed: ExchangeSeed }
  /** The request's body is complete and on its way. */
  | { kind: "request"; body: Uint8Array }
  | { kind: "connected"; at: number; reused: boolean }
  | { kind: "headers"; at: number; status: number; headers: IncomingHttpHeaders }
  | { kind: "chunk"; at: number; bytes: Uint8Array }
  | { kind: "end"; at: number }
  /** It broke off: the upstream closed early or could not be reached (then with a message), or the client went away. */
  | { kind: "broken"; at: number; by: "server" | "client"; message?: string }
  /** Cutaway is being stopped. */
  | { kind: "stopped" }
);

export interface ExchangeSeed {
  method: string;
  /** Of the upstream, as requested. */
  url: string;
  /** Base URL of the upstream. */
  upstream: string;
  headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  issued: number;
}

/**
 * Takes items. Where `awaited`, the promise resolves when the item and all before it have had their effect on the store
 * (or recording failed); it never rejects. The bytes of an item belong to the recorder from then on.
 */
export type Sink = (item: Item, awaited: boolean) => Promise<void> | undefined;
