import { timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Call, CutawayError } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import { getRequestListener } from "@hono/node-server";
import { ownHosts, refusalOf } from "../guard.ts";
import { listen } from "../listen.ts";
import { type RecordingCounts, storeRecorder } from "../recording/store-recorder.ts";
import { createAdmission } from "./admission.ts";
import { apiError } from "./api-error.ts";
import { createModelApi } from "./model-api.ts";
import type { ServableModel } from "./servable-model.ts";

export interface ModelServerOptions {
  /** Opened with `streams`, and closed by whoever opened it. */
  model: ServableModel;
  /** What clients call the model; its own name if absent. */
  name?: string;
  /** 0 takes a free one. */
  port: number;
  /** 127.0.0.1 if absent. Any address but a loopback one needs a token. */
  host?: string;
  /** What clients send as their API key; nobody is asked for one if absent. */
  token?: string;
  /** Answers generated at once: as many as the model was opened for. */
  streams: number;
  /** Answers that may wait beside them. */
  queue: number;
  /** Where calls are recorded; nowhere if absent. */
  store?: Store;
  /** Told of every call that has ended, recorded or not. */
  onFinished?: (call: Call) => void;
  warn?: (message: string) => void;
}

export interface RunningModelServer {
  /** `http://127.0.0.1:4748` */
  url: string;
  port: number;
  readonly counts: Readonly<RecordingCounts>;
  /** Ends what runs, stores what is known of it, and frees the port. Asked twice, it does so once. */
  close(): Promise<void>;
}

const shortestToken = 16;

/**
 * OpenAI's API over a local model. Prints nothing.
 * @throws `host-needs-token`, `token-too-short`, `port-in-use`, `port-not-allowed`
 */
export async function startModelServer(options: ModelServerOptions): Promise<RunningModelServer> {
  const { model, name = model.info.name, port, host = "127.0.0.1", token, streams, queue, store, onFinished, warn = () => {} } = options;
  refuseOpenDoor(host, token);
  const recorder = store && storeRecorder(store, warn, () => {});
  const closing = new AbortController();
  const admission = createAdmission({ streams, queue });
  const api = getRequestListener(
    createModelApi({ model, name, admission, ...(recorder && { recorder }), ...(onFinished && { onFinished }), warn, closing: closing.signal }).fetch,
  );
  let hosts: ReadonlySet<string> = new Set();

  const server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000 }, (request: IncomingMessage, response: ServerResponse) => {
    const refusal = strangerIn(request, hosts, token);
    if (refusal) refuse(response, refusal, warn);
    else void api(request, response);
  });
  server.maxConnections = 2 * (streams + queue) + 32;
  await listen(server, port, host);
  const actual = (server.address() as AddressInfo).port;
  hosts = ownHosts(actual);

  const close = async () => {
    const closed = once(server, "close");
    closing.abort(new CutawayError("server-stopped", "the server is being stopped", { kind: "interrupted" }));
    server.close();
    // A moment for the ends of answers to reach their clients and the store.
    for (const until = Date.now() + 5000; admission.inside > 0 && Date.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 10));
    server.closeAllConnections();
    await closed;
    recorder?.close();
  };
  let isClosing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${actual}`,
    port: actual,
    counts: recorder?.counts ?? { recorded: 0, unrecorded: 0 },
    close: () => {
      isClosing ??= close();
      return isClosing;
    },
  };
}

const isLoopback = (host: string) => /^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/.test(host);

function refuseOpenDoor(host: string, token: string | undefined): void {
  if (token !== undefined && token.length < shortestToken)
    throw new CutawayError("token-too-short", `the token has ${token.length} characters`, { fix: `Take a random one of ${shortestToken} or more.` });
  if (isLoopback(host) || token !== undefined) return;
  throw new CutawayError("host-needs-token", `${host} can be reached from other machines, and whoever reaches it can use the model`, {
    fix: "Leave the host out, or set CUTAWAY_TOKEN to what clients have to send as their API key.",
  });
}

/**
 * Why a request is not answered. A token proves by itself that the client is meant: then the name by which it found the server does not matter.
 * Pages of other origins are refused with and without.
 */
function strangerIn(request: IncomingMessage, hosts: ReadonlySet<string>, token: string | undefined): CutawayError | undefined {
  if (token === undefined) return refusalOf(request, hosts);
  const { authorization = "", host = "" } = request.headers;
  if (!isSame(authorization, `Bearer ${token}`))
    return new CutawayError("no-token", "the API key is missing or wrong", { kind: "auth", fix: "Send the server's token as the API key." });
  return refusalOf(request, new Set([...hosts, host.toLowerCase()]));
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function refuse(response: ServerResponse, refusal: CutawayError, warn: (message: string) => void): void {
  const { status, body } = apiError(refusal, warn);
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text), connection: "close" });
  response.end(text);
}
