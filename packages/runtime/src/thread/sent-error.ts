import { CutawayError, type ErrorKind, isCutawayError } from "@cutaway/core";

/** An error on its way to another thread: structured cloning would make a plain Error of it. */
export interface SentError {
  code: string;
  message: string;
  kind: ErrorKind;
  fix?: string;
  data: Record<string, unknown>;
  stack?: string;
}

/** `data` is passed on as JSON: whatever else it may hold does not have to be cloneable. */
export function sendableError(error: unknown): SentError {
  const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  if (!isCutawayError(error))
    return { code: "internal", message: error instanceof Error ? error.message : String(error), kind: "internal", data: {}, ...stack };
  const { code, message, kind, fix, data } = error;
  return { code, message, kind, data: asJson(data), ...(fix !== undefined && { fix }), ...stack };
}

export function receivedError({ code, message, kind, fix, data, stack }: SentError): CutawayError {
  const error = new CutawayError(code, message, { kind, data, ...(fix !== undefined && { fix }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}

function asJson(data: Record<string, unknown>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
