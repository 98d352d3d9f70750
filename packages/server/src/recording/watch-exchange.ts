import type { IncomingHttpHeaders } from "node:http";
import { endScanner } from "./end-scanner.ts";
import type { ExchangeSeed, Sink } from "./items.ts";
import { recordingLimit } from "./recorder.ts";

/**
 * The proxy's view of a recording. It stamps times, copies bytes and decides what must wait for the store; the work is done behind the sink.
 * A promise means: do not let the client see this before it resolves. It never rejects, and never takes longer than `longestHoldMs`.
 */
export interface ExchangeWatch {
  requestChunk(bytes: Uint8Array): void;
  requestEnd(): void;
  connected(reused: boolean): void;
  headers(status: number, headers: IncomingHttpHeaders): void;
  chunk(bytes: Uint8Array): Promise<void> | undefined;
  end(): Promise<void> | undefined;
  broken(by: "server" | "client", error?: Error): Promise<void> | undefined;
  stopped(): void;
}

/** A disk that takes longer must not make the client wait. */
const longestHoldMs = 1000;

let calls = 0;

/** startedAt  `performance.now()` when the request came in */
export function watchExchange(seed: ExchangeSeed, startedAt: number, sink: Sink): ExchangeWatch {
  const call = calls++;
  const scan = endScanner();
  let request: Uint8Array[] | undefined = [];
  let requestSize = 0;
  let stream: "plain" | "encoded" | undefined;

  const at = () => performance.now() - startedAt;
  const requestEnd = () => {
    if (!request) return;
    sink({ call, kind: "request", body: joined(request) }, false);
    request = undefined;
  };

  sink({ call, kind: "open", seed }, false);
  return {
    requestChunk(bytes) {
      requestSize += bytes.length;
      // One byte too many tells the recorder that the rest is missing.
      if (request && requestSize <= recordingLimit + bytes.length) request.push(bytes);
    },
    requestEnd,
    connected: (reused) => void sink({ call, kind: "connected", at: at(), reused }, false),
    headers(status, headers) {
      requestEnd();
      const isEncoded = !/^(?:identity)?$/i.test(headers["content-encoding"] ?? "");
      if (/^text\/event-stream\b/i.test(headers["content-type"] ?? "")) stream = isEncoded ? "encoded" : "plain";
      sink({ call, kind: "headers", at: at(), status, headers }, false);
    },
    chunk(bytes) {
      // A compressed stream does not show where it ends: each of its chunks waits until it was looked into.
      const isAwaited = stream === "encoded" || (stream === "plain" && scan(bytes) !== undefined);
      return atMost(sink({ call, kind: "chunk", at: at(), bytes: new Uint8Array(bytes) }, isAwaited));
    },
    end: () => atMost(sink({ call, kind: "end", at: at() }, true)),
    broken(by, error) {
      requestEnd();
      return atMost(sink({ call, kind: "broken", at: at(), by, ...(error && { message: error.message }) }, true));
    },
    stopped: () => void sink({ call, kind: "stopped" }, false),
  };
}

function atMost(hold: Promise<void> | undefined): Promise<void> | undefined {
  if (!hold) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestHoldMs);
    hold.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** In memory of its own: a socket's buffer is part of a larger one. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
