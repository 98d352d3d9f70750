import type { IncomingHttpHeaders } from "node:http";
import { type CallEvent, type CallFolder, CutawayError, newCallId, startFold } from "@cutaway/core";
import { type Exchange, startExchange } from "@cutaway/provider";
import type { Bodies } from "@cutaway/store";
import { type ContentDecoder, contentDecoder } from "./content-decoder.ts";
import { credentialsOf, keptRequestHeaders, keptResponseHeaders, redactor, withoutSecrets } from "./credentials.ts";
import { endScanner } from "./end-scanner.ts";
import { type Labels, labelsOf } from "./labels.ts";
import { type Recorder, recordingLimit } from "./recorder.ts";

/**
 * One exchange as the proxy sees it, turned into a Call. Nothing it does can fail the exchange: an error ends the recording, never the call.
 * Times are `performance.now()`.
 */
export interface Recording {
  requestChunk(bytes: Uint8Array): void;
  /** The request is complete and on its way. */
  requestEnd(): void;
  connected(reused: boolean): void;
  headers(status: number, headers: IncomingHttpHeaders): void;
  /** Call before the bytes are passed on. A promise where decoding takes another thread: pass them on when it resolves; it never rejects. */
  chunk(bytes: Uint8Array): Promise<void> | undefined;
  /** The body is whole; call before the client is told so. */
  end(): void;
  /** It broke off: the upstream closed early or could not be reached (with the error), or the client went away. */
  broken(by: "server" | "client", error?: Error): void;
  /** Cutaway is being stopped: what is known so far is stored. */
  stopped(): void;
}

export interface RecordingSeed {
  method: string;
  /** Of the upstream, as requested. */
  url: string;
  upstream: string;
  headers: IncomingHttpHeaders;
  startedAt: number;
}

export function startRecording(seed: RecordingSeed, recorder: Recorder): Recording {
  const secrets = credentialsOf(seed.headers, seed.url);
  const redact = redactor(secrets);
  const labels = labelsOf(seed.headers);
  const folder = startFold({ id: newCallId(), origin: { kind: "proxy", from: seed.upstream }, ...(labels.tags && { tags: labels.tags }) });
  const requestBody = growingBody();
  const responseBody = growingBody();
  const scan = endScanner();
  let exchange: Exchange | undefined;
  let decoder: ContentDecoder | undefined;
  let stored: Uint8Array | undefined;
  let whole = false;
  /** An error's text may echo the caller's key, in two chunks: it is decoded whole, after redaction. */
  let isError = false;
  let state: "waiting" | "recording" | "ended" | "off" = "waiting";

  const now = () => performance.now() - seed.startedAt;
  const push = foldingInto(folder, labels, () => {
    whole = true;
  });

  /** Runs a step unless recording is off; an error in it turns recording off. */
  const step = <T>(work: () => T): T | undefined => {
    if (state === "off") return undefined;
    try {
      return work();
    } catch (error) {
      giveUp(error);
      return undefined;
    }
  };
  const giveUp = (error: unknown) => {
    if (state === "off") return;
    state = "off";
    recorder.lost(error);
  };

  const bodies = (): Bodies => ({ ...(stored && { request: stored }), ...(responseBody.size > 0 && { response: redact(responseBody.bytes()) }) });
  const store = () => recorder.put(folder.call(), bodies());

  const begin = () => {
    if (state !== "waiting") return;
    state = "recording";
    stored = redact(requestBody.bytes());
    exchange = startExchange(
      {
        method: seed.method,
        url: withoutSecrets(seed.url),
        requestHeaders: keptRequestHeaders(seed.headers),
        requestBody: stored,
        issued: performance.timeOrigin + seed.startedAt,
      },
      push,
    );
    if (exchange.format === undefined || exchange.unsupported !== undefined) state = "off";
    else recorder.begin(folder.call(), { request: stored });
  };

  /** Decoded bytes of the response. */
  const take = (bytes: Uint8Array, at: number) => {
    if (bytes.length === 0 || !exchange) return;
    responseBody.add(bytes);
    if (state === "ended" || isError) return;
    exchange.chunk(redact(bytes), at);
    const mark = scan(bytes);
    if (mark === "end" && !whole) finish("server", at);
    else if (mark || whole) store();
  };

  const finish = (by: "server" | "client", at: number) => {
    if (state === "ended") push({ type: "closed", by, at });
    else {
      if (isError && responseBody.size > 0) exchange?.chunk(redact(responseBody.bytes()), at);
      exchange?.close(by, at);
    }
    state = "ended";
    store();
  };
  const close = (by: "server" | "client") => {
    begin();
    if (state === "off") return;
    finish(by, now());
    recorder.finished(folder.call());
    state = "off";
  };

  return {
    requestChunk: (bytes) => step(() => (state === "waiting" ? requestBody.add(bytes) : undefined)),
    requestEnd: () => step(begin),
    connected: (reused) => step(() => push({ type: "connected", at: now(), reused })),
    headers: (status, headers) =>
      step(() => {
        begin();
        decoder = contentDecoder(headers["content-encoding"], recordingLimit);
        if (!decoder) throw new CutawayError("unknown-content-encoding", `an answer came with content-encoding ${headers["content-encoding"]}`);
        isError = status >= 400;
        exchange?.headers(status, keptResponseHeaders(headers), now());
      }),
    chunk: (bytes) =>
      step(() => {
        const at = now();
        const decoded = decoder?.decode(bytes);
        if (!(decoded instanceof Promise)) return decoded && take(decoded, at);
        return decoded.then((plain) => step(() => take(plain, at)), giveUp);
      }) ?? undefined,
    end: () => step(() => close("server")),
    broken: (by, error) =>
      step(() => {
        begin();
        if (error && state !== "off") push({ type: "call-error", error: { kind: "network", message: error.message }, at: now() });
        close(by);
      }),
    stopped: () =>
      step(() => {
        begin();
        if (state === "off") return;
        if (!whole) push({ type: "notice", notice: { code: "recorder-stopped", says: "Cutaway was stopped while the answer was still coming." } });
        store();
        state = "off";
      }),
  };
}

function foldingInto(folder: CallFolder, labels: Labels, onEnd: () => void) {
  return (event: CallEvent) => {
    if (event.type === "response-end") onEnd();
    folder.push(event.type === "call-start" && labels.trace ? { ...event, trace: labels.trace } : event);
  };
}

function growingBody() {
  const pieces: Uint8Array[] = [];
  const body = {
    size: 0,
    add: (bytes: Uint8Array) => {
      body.size += bytes.length;
      if (body.size > recordingLimit) throw new CutawayError("body-too-large", `a body is larger than ${recordingLimit / 1024 / 1024} MB`);
      pieces.push(bytes);
    },
    bytes: (): Uint8Array => {
      if (pieces.length > 1) pieces.splice(0, pieces.length, Buffer.concat(pieces));
      return pieces[0] ?? new Uint8Array();
    },
  };
  return body;
}
