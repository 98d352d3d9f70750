import { type CallError, CutawayError, isCutawayError } from "@cutaway/core";

/** An error as OpenAI's API tells it: a status, and a body that its clients turn into their own errors. */
export interface ApiError {
  status: number;
  body: { error: { message: string; type: string; param: string | null; code: string | null } };
  headers?: Record<string, string>;
}

/** A parameter that is wrong, or that would have no effect. `param` as the client spells it. */
export const refused = (param: string, message: string, fix?: string): CutawayError =>
  new CutawayError("invalid-parameter", message, { data: { param }, ...(fix !== undefined && { fix }) });

/** What this model does not let its callers do. */
export const missingAccess = (access: string, message: string, fix?: string): CutawayError =>
  new CutawayError("missing-access", message, { data: { access }, ...(fix !== undefined && { fix }) });

const statuses: Record<string, { status: number; type: string; code?: string }> = {
  "unknown-model": { status: 404, type: "invalid_request_error", code: "model_not_found" },
  "unknown-route": { status: 404, type: "invalid_request_error", code: "unknown_url" },
  "wrong-method": { status: 405, type: "invalid_request_error", code: "method_not_supported" },
  "too-large": { status: 413, type: "invalid_request_error", code: "request_too_large" },
  "no-token": { status: 401, type: "invalid_request_error", code: "invalid_api_key" },
  "line-full": { status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" },
  "context-length": { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  "missing-access": { status: 400, type: "invalid_request_error", code: "missing_access" },
  "foreign-host": { status: 403, type: "invalid_request_error", code: "foreign_host" },
  "foreign-origin": { status: 403, type: "invalid_request_error", code: "foreign_origin" },
  "not-a-forward-proxy": { status: 400, type: "invalid_request_error", code: "not_a_forward_proxy" },
  "server-stopped": { status: 503, type: "server_error", code: "server_stopped" },
  "model-thread-ended": { status: 503, type: "server_error", code: "model_gone" },
  "model-closed": { status: 503, type: "server_error", code: "server_stopped" },
};

/** Names of the runtime's parameters as they stand in a body; dotted and indexed paths are the body's own. */
const wireNames: Record<string, string> = {
  maxOutputTokens: "max_tokens",
  topP: "top_p",
  topK: "top_k",
  minP: "min_p",
  repetitionPenalty: "repetition_penalty",
  topLogprobs: "top_logprobs",
  "local.tokens": "prompt",
  responseFormat: "response_format",
};

/** warn  told what is not the client's fault, with its stack; the client hears only that something failed */
export function apiError(error: unknown, warn: (message: string) => void): ApiError {
  if (!isCutawayError(error) || (error.kind === "internal" && !Object.hasOwn(statuses, error.code))) {
    warn(`a request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return shaped(500, "server_error", "internal_error", "something in Cutaway failed; the terminal it runs in says more", null);
  }
  const { code, message, fix, data, kind } = error;
  const known = Object.hasOwn(statuses, code) ? statuses[code] : undefined;
  const status = known?.status ?? (kind === "usage" ? 400 : 500);
  const text = fix === undefined ? message : `${/[.!?]$/.test(message) ? message : `${message}.`} ${fix}`;
  const answer = shaped(
    status,
    known?.type ?? (status < 500 ? "invalid_request_error" : "server_error"),
    known?.code ?? code.replaceAll("-", "_"),
    text,
    paramOf(data) ?? (/^schema-/.test(code) ? "response_format" : null),
  );
  return typeof data.retryAfter === "number" ? { ...answer, headers: { "retry-after": String(data.retryAfter) } } : answer;
}

/** What went wrong in a call that had begun. */
export function errorOfCall({ kind, message, code }: CallError): ApiError {
  if (kind === "context-length") return shaped(400, "invalid_request_error", "context_length_exceeded", message, null);
  return shaped(500, "server_error", code ?? null, message, null);
}

const shaped = (status: number, type: string, code: string | null, message: string, param: string | null): ApiError => ({
  status,
  body: { error: { message, type, param, code } },
});

function paramOf(data: Record<string, unknown>): string | null {
  const [first] = [data.param, data.parameter, ...(Array.isArray(data.parameters) ? data.parameters : [])].filter((name) => typeof name === "string");
  if (first === undefined) return null;
  const name = (first as string).replace(/[: ].*$/s, "");
  return wireNames[name] ?? name;
}
