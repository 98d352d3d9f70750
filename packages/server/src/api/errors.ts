import { CutawayError, isCutawayError } from "@cutaway/core";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

const statuses: Record<string, ContentfulStatusCode> = {
  "call-not-found": 404,
  "call-ambiguous": 409,
  "finding-not-found": 404,
  "not-verified": 404,
  "verify-running": 409,
  "model-not-found": 404,
  "not-enough-memory": 503,
  "too-large": 413,
  "took-too-long": 503,
  "too-much-memory": 503,
  "store-full": 507,
  "store-locked": 503,
};

/** Every error of the API: `{ error: { code, message, fix } }`. What is not ours to explain is told to `warn`, not to the client. */
export function errorAnswer(context: Context, error: unknown, warn: (message: string) => void): Response {
  const known = isCutawayError(error) ? error : internal(error, warn);
  const status = statuses[known.code] ?? byKind[known.kind];
  return context.json(errorJson(known), status);
}

export const errorJson = ({ code, message, fix }: CutawayError) => ({ error: { code, message, fix: fix ?? null } });

const byKind: Record<CutawayError["kind"], ContentfulStatusCode> = {
  usage: 400,
  auth: 401,
  network: 502,
  budget: 402,
  unverified: 409,
  interrupted: 503,
  internal: 500,
};

function internal(error: unknown, warn: (message: string) => void): CutawayError {
  warn(`the workbench's API failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return new CutawayError("internal", "something in Cutaway failed; the terminal it runs in says more", { kind: "internal" });
}
