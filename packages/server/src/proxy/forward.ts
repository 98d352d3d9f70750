import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { endToEnd, requestHeaders } from "./forwarded-headers.ts";
import type { Recorder } from "./recorder.ts";
import { type Recording, startRecording } from "./recording.ts";
import { pathAt, type Upstream } from "./upstream.ts";
import { upstreamFailure } from "./vendor-error.ts";

/** An exchange in progress. */
export interface Forwarding {
  /** Cutaway is being stopped: record what is known, end both connections. */
  stop(): void;
}

/**
 * Passes one request to the upstream and its answer back, bytes as they are, and lets a recording watch.
 * `onDone` is called once, when both sides are through.
 */
export function forward(request: IncomingMessage, response: ServerResponse, upstream: Upstream, recorder: Recorder, onDone: () => void): Forwarding {
  const startedAt = performance.now();
  const path = pathAt(upstream, request.url ?? "/");
  const method = request.method ?? "GET";
  const isCandidate = method === "POST" && /^(?:application\/json|text\/plain|$)/i.test(request.headers["content-type"] ?? "");
  const recording = isCandidate
    ? startRecording({ method, url: upstream.url.origin + path, upstream: upstream.base, headers: request.headers, startedAt }, recorder)
    : undefined;

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
    if (outgoing.reusedSocket) recording?.connected(true);
    else socket.once(upstream.url.protocol === "https:" ? "secureConnect" : "connect", () => recording?.connected(false));
  });
  passRequest(request, outgoing, recording);

  let answered = false;
  outgoing.on("response", (incoming) => {
    answered = true;
    passAnswer(incoming, response, recording);
  });
  outgoing.on("error", (error) => {
    if (answered || response.destroyed) return;
    answered = true;
    recording?.broken("server", error);
    refuse(response, upstreamFailure(upstream, error));
  });
  response.on("close", () => {
    if (!response.writableFinished) {
      recording?.broken("client");
      outgoing.destroy();
    }
    onDone();
  });

  return {
    stop() {
      recording?.stopped();
      outgoing.destroy();
      response.destroy();
    },
  };
}

function passRequest(request: IncomingMessage, outgoing: ClientRequest, recording: Recording | undefined): void {
  request.on("data", (chunk: Buffer) => {
    recording?.requestChunk(chunk);
    if (!outgoing.write(chunk)) {
      request.pause();
      outgoing.once("drain", () => request.resume());
    }
  });
  request.on("end", () => {
    outgoing.end();
    recording?.requestEnd();
  });
}

/**
 * The bytes after which the client takes the answer as finished are held until the call is stored: an event stream's terminal event,
 * and of any other body the last chunk. Everything before passes at once (docs/decisions/2026-11-22-proxy-durability.md).
 */
function passAnswer(incoming: IncomingMessage, response: ServerResponse, recording: Recording | undefined): void {
  const holdsLast = recording !== undefined && !/^text\/event-stream\b/i.test(incoming.headers["content-type"] ?? "");
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
  recording?.headers(incoming.statusCode ?? 0, incoming.headers);

  // A compressed stream is decoded in another thread; `end` and `close` can come before that is done.
  let decoded: Promise<void> | undefined;
  const inTurn = (work: () => void) => void (decoded ? decoded.then(work) : work());

  incoming.on("data", (chunk: Buffer) => {
    const decoding = recording?.chunk(chunk);
    if (!decoding) return release(chunk);
    incoming.pause();
    decoded = decoding.then(() => {
      release(chunk);
      if (!response.writableNeedDrain) incoming.resume();
    });
  });
  incoming.on("end", () => {
    if (!incoming.complete) return;
    inTurn(() => {
      recording?.end();
      response.end(held);
    });
  });
  incoming.on("close", () => {
    if (incoming.complete) return;
    inTurn(() => {
      if (response.destroyed) return;
      recording?.broken("server");
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
