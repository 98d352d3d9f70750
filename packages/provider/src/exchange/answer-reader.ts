import type { CallEvent, JsonValue, WireFormat } from "@cutaway/core";
import type { HttpContext, Push } from "../codec.ts";
import { codecs } from "../codecs.ts";
import { errorIn, errorOfText } from "../errors/call-error.ts";
import { identifyBody } from "../identify/by-body.ts";
import type { Identified } from "../identify/identified.ts";
import { tryJson } from "../json/parse-json.ts";
import type { NoticePad } from "../shared/notices.ts";
import { stamped } from "../shared/stamped.ts";
import { growingBytes } from "../wire/growing-bytes.ts";
import { lazyDecoder } from "../wire/lazy-decoder.ts";
import { type Framing, type PayloadReader, payloadReader } from "../wire/payload-reader.ts";

export interface AnswerOptions {
  identified: Identified | undefined;
  framing: Framing | undefined;
  maxBodyBytes: number;
  push: Push;
  notices: NoticePad;
}

/** Reads one answer: a stream as it arrives, in constant memory, or a whole body at its end. Which of the two, its first bytes tell. */
export interface AnswerReader {
  readonly identified: Identified | undefined;
  head(http: HttpContext): void;
  chunk(bytes: Uint8Array, at: number | undefined): void;
  /** The whole body, already parsed; instead of chunks. */
  json(body: JsonValue): void;
  end(at: number | undefined): void;
}

export function answerReader({ framing, maxBodyBytes, push, notices, ...start }: AnswerOptions): AnswerReader {
  let { identified } = start;
  let http: HttpContext = {};
  let stream: PayloadReader | undefined;
  let isWhole = false;
  let size = 0;
  let parsed: JsonValue | undefined;
  const held = growingBytes();

  const format = () => (identified && "format" in identified ? identified.format : undefined);
  const identify = (found: Identified) => {
    identified = found;
    if ("format" in found) push({ type: "call-start", model: {}, format: found.format });
  };
  const openStream = (): PayloadReader => {
    const named = format();
    const decoder = named ? codecs[named].streamDecoder(push) : lazyDecoder(push, notices, identified, identify);
    return payloadReader(framing ?? "sse", decoder, notices, push);
  };
  /** What the bytes so far tell; undefined while they do not. */
  const kindOf = (bytes: Uint8Array): "stream" | "whole" | undefined => {
    const head = headOf(held.view(), bytes);
    if (isStreamHead(head)) return "stream";
    if (/^[{["<]/.test(head)) return "whole";
    if (head.length < 6) return undefined;
    return /event-stream/i.test(http.headers?.["content-type"] ?? "") ? "stream" : "whole";
  };
  if (framing === "lines") stream = openStream();

  const whole = (json: JsonValue, at: number | undefined) => {
    if (!identified) {
      const found = identifyBody(json);
      if (found) identify("format" in found ? { format: found.format } : { unsupported: found.unsupported });
    }
    const named: WireFormat | undefined = format();
    if (named) {
      for (const event of codecs[named].decodeResponse(json, http)) push(withTime(event, at));
      return;
    }
    const error = errorIn(json, http);
    if (error) push(stamped({ type: "call-error" as const, error }, at));
    push(stamped({ type: "response-end" as const }, at));
  };
  const failedAs = (text: string, at: number | undefined) => {
    push(stamped({ type: "call-error" as const, error: errorOfText(text, http) }, at));
    push(stamped({ type: "response-end" as const }, at));
  };

  return {
    get identified() {
      return identified;
    },
    head(told) {
      http = told;
    },
    chunk(bytes, at) {
      size += bytes.length;
      if (!stream && !isWhole) {
        const kind = kindOf(bytes);
        isWhole = kind === "whole";
        if (kind === "stream") {
          stream = openStream();
          stream.chunk(held.view(), at);
          held.clear();
        }
      }
      if (stream) stream.chunk(bytes, at);
      else if (size <= maxBodyBytes) held.append(bytes);
      else held.clear();
    },
    json(body) {
      parsed = body;
    },
    end(at) {
      if (parsed !== undefined) return whole(parsed, at);
      // So short a text that it was cut inside its first field name.
      if (!stream && !isWhole && isFieldStart(headOf(held.view(), new Uint8Array(0)))) {
        stream = openStream();
        stream.chunk(held.view(), at);
      }
      if (stream) return stream.end(at);
      const failed = http.status !== undefined && http.status >= 400;
      if (size > maxBodyBytes)
        return notices.add("body-too-large", `The answer has ${size} bytes; whole bodies beyond ${maxBodyBytes} are kept and not decoded.`);
      const text = utf8.decode(held.view());
      const json = tryJson(text);
      if (json !== undefined) whole(json, at);
      else if (failed) failedAs(text, at);
      else if (size === 0) notices.add("empty-body", "The answer has no body.");
      else notices.add("malformed-body", "The answer is neither whole JSON nor a stream of events.");
    },
  };
}

/** Field names of server-sent events, or a comment. What the first bytes say outweighs the content type: gateways send JSON errors as event streams. */
export const isStreamHead = (head: string): boolean => /^(?:data|event|id|retry)?:/.test(head);

/** The beginning of `data:` or `event:` and nothing more. */
export const isFieldStart = (text: string): boolean => text !== "" && ["data:", "event:"].some((field) => field.startsWith(text));

const utf8 = new TextDecoder();

/** The first characters that are no white space. */
function headOf(held: Uint8Array, more: Uint8Array): string {
  const bytes = new Uint8Array([...held.subarray(0, headBytes), ...more.subarray(0, Math.max(0, headBytes - held.length))]);
  return utf8.decode(bytes).trimStart().slice(0, 40);
}

const headBytes = 200;

/** A whole body tells when it ended, not when its tokens were written. */
const ending = new Set<CallEvent["type"]>(["answer-finish", "call-error", "response-end"]);

const withTime = (event: CallEvent, at: number | undefined): CallEvent =>
  at !== undefined && ending.has(event.type) ? ({ ...event, at } as CallEvent) : event;
