import { type CallEvent, isJsonObject, type JsonValue, type WireFormat } from "@cutaway/core";
import type { Push } from "../codec.ts";
import { codecs } from "../codecs.ts";
import { errorIn, errorOfText } from "../errors/call-error.ts";
import { type HeaderSource, headerRecord, keptRequestHeaders } from "../headers/kept-headers.ts";
import { redactUrl } from "../headers/redact-url.ts";
import { responseMeta } from "../headers/response-meta.ts";
import { identifyBody } from "../identify/by-body.ts";
import { identifyUrl } from "../identify/by-url.ts";
import type { Identified } from "../identify/identified.ts";
import { providerOfId } from "../identify/provider-of-id.ts";
import { known } from "../json/fields.ts";
import { tryJson } from "../json/parse-json.ts";
import { noticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { growingBytes } from "../wire/growing-bytes.ts";
import { type LazyDecoder, lazyDecoder } from "../wire/lazy-decoder.ts";
import { type Framing, type PayloadReader, payloadReader } from "../wire/payload-reader.ts";

export interface ExchangeStart {
  method?: string;
  /** Redacted here before anything keeps it. */
  url?: string;
  requestHeaders?: HeaderSource;
  /** The body's bytes, content-decoded, or the JSON already parsed. */
  requestBody?: Uint8Array | JsonValue;
  /** Milliseconds since the epoch; absent for recordings without a clock. */
  issued?: number;
  /** The format, where the caller knows it better than URL and body tell. */
  format?: WireFormat;
  /** Bare payload lines instead of server-sent events: only recordings have them. */
  framing?: Framing;
  /** Whole bodies beyond this many bytes are not decoded. Default 64 MiB. */
  maxBodyBytes?: number;
}

/** One HTTP request and its answer, told as it happens. Bytes must be content-decoded. */
export interface Exchange {
  /** Known from the start where URL or request tell it, otherwise once the answer does. */
  readonly format: WireFormat | undefined;
  /** The name of a format that is known and not decoded. */
  readonly unsupported: string | undefined;
  headers(status: number | undefined, headers: HeaderSource | undefined, at?: number): void;
  chunk(bytes: Uint8Array, at?: number): void;
  /** Says that the answer stopped; later calls do nothing. */
  close(by: "server" | "client", at?: number): void;
}

/**
 * Turns one exchange into events. Streams are decoded as they arrive, in constant memory; whole bodies are held until the close.
 * Never throws: what cannot be decoded becomes a notice, an error of the call, or `unsupported`.
 */
export function startExchange(start: ExchangeStart, push: Push): Exchange {
  const facts = identifyUrl(start.url);
  const requestHeaders = headerRecord(start.requestHeaders);
  const url = start.url === undefined ? undefined : redactUrl(start.url);
  const requestJson = start.requestBody instanceof Uint8Array ? tryJson(utf8.decode(start.requestBody)) : start.requestBody;
  const sent = isJsonObject(requestJson) ? requestJson : undefined;
  const fromBody = identifyBody(sent);
  let identified: Identified | undefined = start.format
    ? { format: start.format }
    : (facts.identified ?? (fromBody?.kind === "request" ? fromBody : undefined));
  const sink = withProvider(push, facts.provider);
  const notices = noticePad(push);
  const held = growingBytes();
  const limit = start.maxBodyBytes ?? 64 * 1024 * 1024;
  let reader: PayloadReader | undefined;
  let lazy: LazyDecoder | undefined;
  let status: number | undefined;
  let responseHeaders: Record<string, string> = {};
  let size = 0;
  let isClosed = false;
  let hasAnswer = false;

  const format = () => (identified && "format" in identified ? identified.format : undefined);
  const begin = () => {
    const named = format();
    const request =
      named && sent ? codecs[named].decodeRequest(sent, known({ url, headers: keptRequestHeaders(requestHeaders), model: facts.model })) : undefined;
    const asked = request?.model || (typeof sent?.model === "string" ? sent.model : facts.model);
    sink.push(
      known({
        type: "call-start" as const,
        model: known({ provider: facts.provider, asked: asked || undefined }),
        format: named,
        request,
        issued: start.issued,
      }),
    );
    if (start.requestBody instanceof Uint8Array && start.requestBody.length > 0 && requestJson === undefined)
      notices.add("malformed-request", "The request's body is not JSON.");
  };
  /** What the first bytes say outweighs the content type: gateways send JSON errors as event streams, and the other way round. */
  const openReader = (head: string) => {
    const isStream =
      start.framing === "lines" ||
      /^(?:data|event|id|retry)?:/.test(head) ||
      (!/^[{[<"]/.test(head) && /event-stream/i.test(responseHeaders["content-type"] ?? ""));
    if (!isStream) return;
    const named = format();
    const onFormat = (found: WireFormat) => {
      identified = { format: found };
      sink.push({ type: "call-start", model: {}, format: found });
    };
    if (named === undefined) lazy = lazyDecoder(sink.push, notices, onFormat);
    const decoder = lazy ?? codecs[named as WireFormat].streamDecoder(sink.push);
    reader = payloadReader(start.framing ?? "sse", decoder, notices, sink.push);
    reader.chunk(held.view(), lastAt);
    held.clear();
  };
  let lastAt: number | undefined;

  const finishWhole = (at: number | undefined) => {
    const http = { ...(status !== undefined && { status }), headers: responseHeaders };
    const failed = status !== undefined && status >= 400;
    if (size === 0) {
      if (failed) sink.push(stamped({ type: "call-error" as const, error: errorOfText("", http) }, at));
      else if (hasAnswer) notices.add("empty-body", "The answer has no body.");
      if (failed) sink.push(stamped({ type: "response-end" as const }, at));
      return;
    }
    if (size > limit) return notices.add("body-too-large", `The answer has ${size} bytes; whole bodies beyond ${limit} are kept and not decoded.`);
    const text = utf8.decode(held.view());
    const json = tryJson(text);
    if (json === undefined) {
      if (failed) {
        sink.push(stamped({ type: "call-error" as const, error: errorOfText(text, http) }, at));
        sink.push(stamped({ type: "response-end" as const }, at));
      } else notices.add("malformed-body", "The answer is neither whole JSON nor a stream of events.");
      return;
    }
    whole(json, http, at);
  };
  const whole = (json: JsonValue, http: { status?: number; headers: Record<string, string> }, at: number | undefined) => {
    if (format() === undefined) {
      const found = identifyBody(json);
      if (found && !identified) {
        identified = "format" in found ? { format: found.format } : { unsupported: found.unsupported };
        if ("format" in found) sink.push({ type: "call-start", model: {}, format: found.format });
      }
    }
    const named = format();
    if (named) {
      for (const event of codecs[named].decodeResponse(json, http)) sink.push(withTime(event, at));
      return;
    }
    const error = errorIn(json, http);
    if (error) sink.push(stamped({ type: "call-error" as const, error }, at));
    sink.push(stamped({ type: "response-end" as const }, at));
  };

  begin();
  return {
    get format() {
      return format();
    },
    get unsupported() {
      return identified && "unsupported" in identified ? identified.unsupported : undefined;
    },
    headers(newStatus, headers, at) {
      hasAnswer = true;
      status = newStatus ?? undefined;
      responseHeaders = headerRecord(headers);
      const now = start.issued === undefined ? undefined : start.issued + (at ?? 0);
      push(stamped({ type: "headers-received" as const, response: responseMeta(status, responseHeaders, requestHeaders, now) }, at));
    },
    chunk(bytes, at) {
      if (isClosed || bytes.length === 0) return;
      hasAnswer = true;
      lastAt = at;
      size += bytes.length;
      if (at !== undefined) push({ type: "chunk-received", at, bytes: bytes.length });
      if (reader) return reader.chunk(bytes, at);
      if (held.length + bytes.length > limit) return;
      held.append(bytes);
      if (size - bytes.length > 64) return;
      const head = utf8
        .decode(held.view().subarray(0, 200))
        .replace(/^\uFEFF/, "")
        .trimStart();
      if (head.length >= 6 || /[:{[]/.test(head)) openReader(head);
    },
    close(by, at) {
      if (isClosed) return;
      isClosed = true;
      const when = lastAt ?? at;
      if (!reader && start.framing === "lines") openReader("");
      if (!reader && held.length > 0 && /^(?:d(?:a(?:ta?)?)?|e(?:v(?:e(?:nt?)?)?)?)$/.test(utf8.decode(held.view()).trim())) openReader("data:");
      if (reader) {
        reader.end(when);
        if (lazy?.identified) identified = lazy.identified;
      } else if (hasAnswer) finishWhole(when);
      notices.flush();
      if (hasAnswer || by === "client") push(stamped({ type: "closed" as const, by }, at));
      else if (start.issued !== undefined) push(stamped({ type: "closed" as const, by }, at));
    },
  };
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: false });

const timeless = new Set<CallEvent["type"]>(["call-start", "connected", "chunk-received", "token-step", "usage", "notice", "closed"]);

/** A whole body arrives at once: its parts have the time of its last byte. */
const withTime = (event: CallEvent, at: number | undefined): CallEvent =>
  at === undefined || timeless.has(event.type) ? event : ({ ...event, at } as CallEvent);

/** Adds the provider where only the answer's id tells it. */
function withProvider(push: Push, provider: string | undefined): { push: Push } {
  let isKnown = provider !== undefined;
  return {
    push(event) {
      push(event);
      if (isKnown || event.type !== "response-start") return;
      const told = providerOfId(event.response.id);
      if (told === undefined) return;
      isKnown = true;
      push({ type: "call-start", model: { provider: told } });
    },
  };
}
