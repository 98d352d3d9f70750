import type { Access, Model, ModelRef, Request, WireFormat } from "@cutaway/core";
import { codecs } from "../codecs.ts";
import { type Exchange, startExchange } from "../exchange/start-exchange.ts";
import { identifyUrl } from "../identify/by-url.ts";
import { authHeaders } from "./api-key.ts";
import { endpointOf } from "./base-url.ts";
import { watchConnection } from "./connection-times.ts";
import { type EventQueue, eventQueue } from "./event-queue.ts";
import { networkError } from "./network-error.ts";

export interface LiveOptions {
  format: WireFormat;
  /** Any server that speaks the format. Default: the vendor's own. */
  baseUrl?: string;
  /** The model to ask for where a request names none. */
  model?: string;
  /** For tests and proxies. Default: the global fetch. */
  fetch?: typeof fetch;
  /** The raw bodies, as sent and as they come, for a store. */
  onBytes?: (side: "request" | "response", bytes: Uint8Array) => void;
  /** Where the key is read. Default: the process's environment. */
  environment?: Record<string, string | undefined>;
}

/**
 * A remote model. Every call is one HTTP request: no retries, so that what is recorded is what happened.
 * throws before anything is sent: `key-missing`, `key-invalid`, `key-in-url`, `base-url-invalid`, `parameter-not-supported`.
 * Whatever fails afterwards is an event: a `call-error`, then `closed`.
 */
export function liveModel(options: LiveOptions): Model {
  const url = endpointOf(options.format, options.baseUrl);
  const { provider } = identifyUrl(url.href);
  const ref: ModelRef = { ...(provider !== undefined && { provider }), ...(options.model !== undefined && { asked: options.model }) };
  return { ref, access: accessOf(options.format), call: (request, signal) => call(options, url, request, signal) };
}

/** Anthropic gives no logprobs; OpenAI's formats give up to 20 alternatives of the answer's tokens. Chat completions take a seed. */
function accessOf(format: WireFormat): Access {
  if (format === "anthropic-messages") return { text: true };
  return { text: true, logprobs: { depth: 20, prompt: false }, ...(format === "openai-chat" && { seed: true }) };
}

async function* call(options: LiveOptions, url: URL, request: Request, signal: AbortSignal | undefined) {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(options.format === "anthropic-messages" && { "anthropic-version": "2023-06-01" }),
  };
  const kept = request.headers ?? {};
  for (const name of ["anthropic-version", "anthropic-beta", "openai-beta"]) if (kept[name] !== undefined) headers[name] = kept[name];
  const auth = authHeaders(options.format, url, options.environment ?? process.env);
  const json = codecs[options.format].encodeRequest(
    request.model === "" && options.model !== undefined ? { ...request, model: options.model } : request,
  );
  const body = new TextEncoder().encode(JSON.stringify(json));

  const queue = eventQueue();
  const started = performance.now();
  const clock = () => performance.now() - started;
  const exchange = startExchange(
    { method: "POST", url: url.href, requestHeaders: headers, requestBody: json, issued: Date.now(), format: options.format },
    queue.push,
  );
  options.onBytes?.("request", body);
  const stop = new AbortController();
  const done = transfer({
    options,
    url,
    headers: { ...headers, ...auth },
    body,
    exchange,
    queue,
    clock,
    started,
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  });
  try {
    yield* queue.take();
  } finally {
    // A caller who stops listening stops the transfer, too. One that is done is left alone: its connection can serve the next call.
    if (!queue.isEnded) stop.abort();
    await done;
  }
}

interface Transfer {
  options: LiveOptions;
  url: URL;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
  exchange: Exchange;
  queue: EventQueue;
  clock: () => number;
  started: number;
  signal: AbortSignal;
}

/** Sends and receives; never rejects. */
async function transfer({ options, url, headers, body, exchange, queue, clock, started, signal }: Transfer): Promise<void> {
  const watch = watchConnection();
  let closedBy: "server" | "client" = "server";
  let hasHead = false;
  try {
    const response = await watch.run(() => (options.fetch ?? fetch)(url, { method: "POST", headers, body, signal, redirect: "error" }));
    if (watch.connected) queue.push({ type: "connected", at: Math.max(0, watch.connected.at - started), reused: watch.connected.reused });
    exchange.headers(response.status, response.headers, clock());
    hasHead = true;
    for await (const bytes of response.body ?? []) {
      options.onBytes?.("response", bytes);
      exchange.chunk(bytes, clock());
    }
  } catch (error) {
    const failure = networkError(error, url.host);
    if (signal.aborted) closedBy = "client";
    // An answer that had begun is cut, whatever broke the connection; the call's ending says so.
    else if (hasHead) queue.push({ type: "notice", notice: { code: "connection-lost", says: failure.message } });
    else queue.push({ type: "call-error", error: failure, at: clock() });
  }
  exchange.close(closedBy, clock());
  queue.end();
}
