import { isJsonObject, type JsonValue, type WireFormat } from "@cutaway/core";
import type { Push } from "../codec.ts";
import { codecs } from "../codecs.ts";
import { type HeaderSource, headerRecord, keptRequestHeaders } from "../headers/kept-headers.ts";
import { redactUrl } from "../headers/redact-url.ts";
import { responseMeta } from "../headers/response-meta.ts";
import { identifyBody } from "../identify/by-body.ts";
import { identifyUrl } from "../identify/by-url.ts";
import type { Identified } from "../identify/identified.ts";
import { known } from "../json/fields.ts";
import { tryJson } from "../json/parse-json.ts";
import { noticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import type { Framing } from "../wire/payload-reader.ts";
import { answerReader } from "./answer-reader.ts";
import { withProvider } from "./with-provider.ts";

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
  /** The whole body, already parsed, instead of chunks: recordings keep it so. */
  json(body: JsonValue, at?: number): void;
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
  const sent = requestJson(start.requestBody);
  const identified = start.format ? { format: start.format } : (facts.identified ?? fromRequest(sent));
  const notices = noticePad(push);
  const answer = answerReader({
    identified,
    framing: start.framing,
    maxBodyBytes: start.maxBodyBytes ?? 64 * 1024 * 1024,
    push: withProvider(push, facts.provider),
    notices,
  });
  let hasAnswer = false;
  let isClosed = false;
  let lastAt: number | undefined;

  const named = identified && "format" in identified ? identified.format : undefined;
  const context = known({
    url: start.url === undefined ? undefined : redactUrl(start.url),
    headers: keptRequestHeaders(requestHeaders),
    model: facts.model,
  });
  const request = named && isJsonObject(sent) ? codecs[named].decodeRequest(sent, context) : undefined;
  const asked = request?.model || (isJsonObject(sent) && typeof sent.model === "string" ? sent.model : facts.model);
  push(
    known({
      type: "call-start" as const,
      model: known({ provider: facts.provider, asked: asked || undefined }),
      format: named,
      request,
      issued: start.issued,
    }),
  );
  if (sent === undefined && start.requestBody instanceof Uint8Array && start.requestBody.length > 0)
    notices.add("malformed-request", "The request's body is not JSON.");

  return {
    get format() {
      return answer.identified && "format" in answer.identified ? answer.identified.format : undefined;
    },
    get unsupported() {
      return answer.identified && "unsupported" in answer.identified ? answer.identified.unsupported : undefined;
    },
    headers(status, source, at) {
      if (isClosed) return;
      hasAnswer = true;
      const headers = headerRecord(source);
      const now = start.issued === undefined ? undefined : start.issued + (at ?? 0);
      answer.head({ ...(status !== undefined && { status }), headers });
      push(stamped({ type: "headers-received" as const, response: responseMeta(status, headers, requestHeaders, now) }, at));
    },
    chunk(bytes, at) {
      if (isClosed || bytes.length === 0) return;
      hasAnswer = true;
      lastAt = at;
      if (at !== undefined) push({ type: "chunk-received", at, bytes: bytes.length });
      answer.chunk(bytes, at);
    },
    json(body, at) {
      if (isClosed) return;
      hasAnswer = true;
      lastAt = at;
      answer.json(body);
    },
    close(by, at) {
      if (isClosed) return;
      isClosed = true;
      if (hasAnswer) answer.end(lastAt ?? at);
      notices.flush();
      push(stamped({ type: "closed" as const, by }, at));
    },
  };
}

function requestJson(body: Uint8Array | JsonValue | undefined): JsonValue | undefined {
  return body instanceof Uint8Array ? tryJson(new TextDecoder().decode(body)) : body;
}

function fromRequest(sent: JsonValue | undefined): Identified | undefined {
  const found = identifyBody(sent);
  if (found?.kind !== "request") return undefined;
  return "format" in found ? { format: found.format } : { unsupported: found.unsupported };
}
