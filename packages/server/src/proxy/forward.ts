import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Sink } from "../recording/items.ts";
import { type ExchangeWatch, watchExchange } from "../recording/watch-exchange.ts";
import { endToEnd, requestHeaders } from "./forwarded-headers.ts";
import { pathAt, type Upstream } from "./upstream.ts";
import { upstreamFailure } from "./vendor-error.ts";

/** An exchange in progress. */
export interface Forwarding {
  /** Cutaway is being stopped: record what is known, end both connections. */
  stop(): void;
}

/**
 * Passes one request to the upstream and its answer back, bytes as they are, and lets a recorder watch.
 * `onDone` is called once, when both sides are through.
 */
export function forward(request: IncomingMessage, response: ServerResponse, upstream: Upstream, sink: Sink, onDone: () => void): Forwarding {
  const startedAt = performance.now();
  const path = pathAt(upstream, request.url ?? "/");
  const method = request.method ?? "GET";
  const isCandidate = method === "POST" && (isModelPath(request.url ?? "/") || isPerhapsJson(request.headers["content-type"]));
  const seed = {
    method,
    url: upstream.url.origin + path,
    upstream: upstream.base,
    headers: request.headers,
    issued: performance.timeOrigin + startedAt,
  };
  const watch = isCandidate ? watchExchange(seed, startedAt, sink) : undefined;

  const outgoing = upstream.request({
    agent: upstream.agent,
    hostname: upstream.url.hostname.replace(/^\[|\]$/g, ""),
    port: upstream.url.port,
    method,
    path,
    headers: requestHeaders(request.rawHeaders, upstream.url.host),
    setHost: false,
  });

  outgoing.on("socket", (socket) => {
    if (outgoing.reusedSocket) watch?.connected(true);
    else socket.once(upstream.url.protocol === "https:" ? "secureConnect" : "connect", () => watch?.connected(false));
  });
  passRequest(request, outgoing, watch);

  let answered = false;
  outgoing.on("response", (incoming) => {
    answered = true;
    passAnswer(incoming, response, watch);
  });
  outgoing.on("error", (error) => {
    if (answered || response.destroyed) return;
    answered = true;
    const refused = () => refuse(response, upstreamFailure(upstream, error));
    const hold = watch?.broken("server", error);
    if (hold) hold.then(refused);
    else refused();
  });
  response.on("close", () => {
    if (!response.writableFinished) {
      void watch?.broken("client");
      outgoing.destroy();
    }
    onDone();
  });

  return {
    stop() {
      watch?.stopped();
      outgoing.destroy();
      response.destroy();
    },
  };
}

/** Where any body is recorded, whatever type its client gives it: `curl -d` calls JSON a form. */
const isModelPath = (path: string) => /^\/v1\/(?:chat\/completions|responses|messages)(?:\?|$)/.test(path);

const isPerhapsJson = (contentType: string | undefined) => /^(?:application\/json|text\/plain|$)/i.test(contentType ?? "");

function passRequest(request: IncomingMessage, outgoing: ClientRequest, watch: ExchangeWatch | undefined): void {
  request.on("data", (chunk: Buffer) => {
    watch?.requestChunk(chunk);
    if (!outgoing.write(chunk)) {
      request.pause();
      outgoing.once("drain", () => request.resume());
    }
  });
  request.on("end", () => {
    outgoing.end();
    watch?.requestEnd();
  });
}

/**
 * The bytes after which the client takes the answer as finished are held until the call is stored: an event stream's terminal event,
 * and of any other body the last chunk. Everything before passes at once (docs/decisions/2026-11-22-proxy-durability.md).
 */
function passAnswer(incoming: IncomingMessage, response: ServerResponse, watch: ExchangeWatch | undefined): void {
  const holdsLast = watch !== undefined && !/^text\/event-stream\b/i.test(incoming.headers["content-type"] ?? "");
  let held: Buffer | undefined;

  const write = (chunk: Buffer) => {
    if (response.destroyed || response.write(chunk)) return;
    incoming.pause();
    response.once("drain", () => incoming.resume());
  };
  const release = (chunk: Buffer) => {
    if (held) write(held);
    held = holdsLast ? chunk : undefined;
    if (!holdsLast) write(chunk);
  };

  response.sendDate = false;
  response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage ?? "", endToEnd(incoming.rawHeaders));
  response.flushHeaders();
  watch?.headers(incoming.statusCode ?? 0, incoming.headers);

  /** What waits for the store, and whatever comes after it. */
  let turn: Promise<void> | undefined;
  const inTurn = (hold: Promise<void> | undefined, work: () => void) => {
    if (!hold && !turn) return work();
    const before = turn;
    const mine = (async () => {
      await before;
      await hold;
      work();
    })();
    turn = mine;
    mine.then(() => {
      if (turn === mine) turn = undefined;
    });
  };

  incoming.on("data", (chunk: Buffer) => {
    const hold = watch?.chunk(chunk);
    if (hold) incoming.pause();
    inTurn(hold, () => {
      release(chunk);
      if (hold && !response.writableNeedDrain) incoming.resume();
    });
  });
  incoming.on("end", () => {
    if (incoming.complete) inTurn(watch?.end(), () => response.end(held));
  });
  incoming.on("close", () => {
    if (incoming.complete) return;
    inTurn(watch?.broken("server"), () => {
      if (response.destroyed) return;
      if (held) response.write(held, () => response.destroy());
      else response.destroy();
    });
  });
  incoming.on("error", () => incoming.destroy()); // `close` follows and does what is to be done
}

function refuse(response: ServerResponse, body: string): void {
  response.writeHead(502, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
