import type { IncomingHttpHeaders } from "node:http";
import { type CallEvent, type CallFolder, CutawayError, newCallId, startFold } from "@cutaway/core";
import { credentialsOf, type Exchange, redactor, startExchange } from "@cutaway/provider";
import type { Bodies } from "@cutaway/store";
import { type ContentDecoder, contentDecoder } from "./content-decoder.ts";
import { withoutSecrets } from "./credentials.ts";
import { endScanner } from "./end-scanner.ts";
import type { ExchangeSeed } from "./items.ts";
import { type Labels, labelsOf } from "./labels.ts";
import { type Recorder, recordingLimit } from "./recorder.ts";

/**
 * One exchange, turned into a Call as its items come. Nothing throws: an error ends the recording and is told to the recorder.
 * `chunk` answers with a promise where a content encoding is undone in another thread; the next item must wait for it.
 */
export interface Recording {
  request(body: Uint8Array): void;
  connected(at: number, reused: boolean): void;
  headers(at: number, status: number, headers: IncomingHttpHeaders): void;
  chunk(at: number, bytes: Uint8Array): Promise<void> | undefined;
  end(at: number): void;
  broken(at: number, by: "server" | "client", message?: string): void;
  stopped(): void;
}

export function startRecording(seed: ExchangeSeed, recorder: Recorder): Recording {
  const redact = redactor(credentialsOf(seed.headers, seed.url));
  const labels = labelsOf(seed.headers);
  const folder = startFold({ id: newCallId(), origin: { kind: "proxy", from: seed.upstream }, ...(labels.tags && { tags: labels.tags }) });
  const responseBody = growingBody();
  const scan = endScanner();
  let exchange: Exchange | undefined;
  let decoder: ContentDecoder | undefined;
  let stored: Uint8Array | undefined;
  let whole = false;
  let endedAt = 0;
  let sizeAtEnd = 0;
  let state: "waiting" | "recording" | "ended" | "off" = "waiting";

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

  /** As known so far: a key that a server echoes, in pieces even, is whole only here. */
  const call = () => redact.call(folder.call());
  const bodies = (): Bodies => ({
    ...(stored && { request: stored }),
    ...(responseBody.size > 0 && { response: redact.bytes(responseBody.bytes()) }),
  });
  const store = () => recorder.put(call(), bodies());

  const begin = (body: Uint8Array) => {
    if (state !== "waiting") return;
    if (body.length > recordingLimit) throw tooLarge();
    state = "recording";
    stored = redact.bytes(body);
    exchange = startExchange(
      {
        method: seed.method,
        url: withoutSecrets(seed.url),
        requestHeaders: seed.headers,
        requestBody: stored,
        issued: seed.issued,
      },
      push,
    );
    if (exchange.format === undefined || exchange.unsupported !== undefined) state = "off";
    else recorder.begin(call(), { request: stored });
  };

  /** Decoded bytes of the response. */
  const take = (bytes: Uint8Array, at: number) => {
    if (bytes.length === 0 || !exchange) return;
    responseBody.add(bytes);
    if (state === "ended") return;
    exchange.chunk(bytes, at);
    const mark = scan(bytes);
    if (mark === "end" && !whole) finish("server", at);
    else if (mark || whole) store();
  };

  const finish = (by: "server" | "client", at: number) => {
    if (state === "ended") {
      if (at - endedAt < closeToEnd && responseBody.size === sizeAtEnd) return;
      push({ type: "closed", by, at });
    } else {
      exchange?.close(by, at);
    }
    state = "ended";
    endedAt = at;
    sizeAtEnd = responseBody.size;
    store();
  };
  const close = (by: "server" | "client", at: number) => {
    finish(by, at);
    recorder.finished(call());
    state = "off";
  };

  return {
    request: (body) => step(() => begin(body)),
    connected: (at, reused) => step(() => push({ type: "connected", at, reused })),
    headers: (at, status, headers) =>
      step(() => {
        decoder = contentDecoder(headers["content-encoding"], recordingLimit);
        if (!decoder) throw new CutawayError("unknown-content-encoding", `an answer came with content-encoding ${headers["content-encoding"]}`);
        exchange?.headers(status, headers, at);
      }),
    chunk: (at, bytes) =>
      step(() => {
        const decoded = decoder?.decode(bytes);
        if (!(decoded instanceof Promise)) return decoded && take(decoded, at);
        return decoded.then((plain) => step(() => take(plain, at)), giveUp);
      }) ?? undefined,
    end: (at) => step(() => close("server", at)),
    broken: (at, by, message) =>
      step(() => {
        if (message !== undefined) push({ type: "call-error", error: { kind: "network", message }, at });
        close(by, at);
      }),
    stopped: () =>
      step(() => {
        if (!whole) push({ type: "notice", notice: { code: "recorder-stopped", says: "Cutaway was stopped while the answer was still coming." } });
        store();
        state = "off";
      }),
  };
}

/** A stream closed this soon after its terminal event, in milliseconds, is stored once: at the event. */
const closeToEnd = 5;

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
      if (body.size > recordingLimit) throw tooLarge();
      pieces.push(bytes);
    },
    bytes: (): Uint8Array => {
      if (pieces.length > 1) pieces.splice(0, pieces.length, Buffer.concat(pieces));
      return pieces[0] ?? new Uint8Array();
    },
  };
  return body;
}

const tooLarge = () => new CutawayError("body-too-large", `a body is larger than ${recordingLimit / 1024 / 1024} MB`);
