import { type CallError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import type { HttpContext } from "../codec.ts";
import { retryAfterMs, waitMs } from "../headers/durations.ts";
import { filledOf, known, objectOf, objectsOf, textOf } from "../json/fields.ts";
import { errorKind } from "./error-kind.ts";

/**
 * The error a body holds, or undefined when it holds none. Understands OpenAI's `{error:{…}}` (also in a list, also as a plain string),
 * Anthropic's `{type:"error"}`, vLLM's `{object:"error"}`, FastAPI's `{detail}`, Azure's and AWS's `{message}`.
 */
export function errorIn(body: JsonValue | undefined, http: HttpContext = {}): CallError | undefined {
  const whole = Array.isArray(body) ? objectOf(body[0]) : objectOf(body);
  if (!whole) return undefined;
  const failed = http.status !== undefined && http.status >= 400;
  const error = whole.error;
  if (isJsonObject(error)) return fromFields({ ...error, type: error.type ?? error.status }, whole, http);
  if (typeof error === "string" && error !== "")
    return fromFields({ message: error, type: whole.error_type ?? whole.type, code: whole.code }, whole, http);
  if (whole.object === "error") return fromFields(whole, whole, http);
  if (!failed) return undefined;
  if (typeof whole.message === "string") return fromFields({ ...whole, type: whole.type ?? whole.__type }, whole, http);
  const detail =
    textOf(whole.detail) ??
    objectsOf(whole.detail)
      .map((item) => textOf(item.msg))
      .filter((item) => item !== undefined)
      .join("; ");
  return fromFields({ ...(detail && { message: detail }) }, whole, http);
}

/** The error of an answer whose body is no JSON: a gateway's page, plain text, nothing. */
export function errorOfText(text: string, http: HttpContext): CallError {
  const plain = text
    .replace(/<(?:style|script)[\s\S]*?<\/(?:style|script)>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return errorFrom({ message: plain.slice(0, 500) || `HTTP status ${http.status ?? "unknown"} without a body` }, undefined, http);
}

function fromFields(fields: JsonObject, raw: JsonObject, http: HttpContext): CallError {
  const type = filledOf(fields.type);
  const code = typeof fields.code === "number" ? String(fields.code) : filledOf(fields.code);
  const message =
    textOf(fields.message) ??
    type ??
    code ??
    (http.status === undefined ? "an error without a message" : `HTTP status ${http.status} without a message`);
  return errorFrom({ message, type, code, param: filledOf(fields.param) }, raw, http);
}

function errorFrom(
  fields: { message: string; type?: string; code?: string; param?: string },
  raw: JsonValue | undefined,
  http: HttpContext,
): CallError {
  const status = http.status ?? (/^[45]\d\d$/.test(fields.code ?? "") ? Number(fields.code) : undefined);
  const kind = errorKind({ ...fields, status });
  return known({
    kind,
    message: fields.message,
    status: http.status,
    type: fields.type,
    code: fields.code,
    param: fields.param,
    retryAfterMs: retryAfterMs(http.headers ?? {}) ?? (kind === "rate-limit" ? waitIn(fields.message, raw) : undefined),
    raw,
  });
}

/** The wait that only the text tells: "Please try again in 1m6.5s", or Gemini's RetryInfo. */
function waitIn(message: string, raw: JsonValue | undefined): number | undefined {
  const said = /(?:try again|retry) in ((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)/i.exec(message)?.[1];
  if (said) return waitMs(said);
  const details = objectsOf(objectOf(objectOf(raw)?.error)?.details);
  const delay = details.map((detail) => textOf(detail.retryDelay)).find((text) => text !== undefined);
  return delay === undefined ? undefined : waitMs(delay);
}
