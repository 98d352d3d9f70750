import { type Call, isJsonObject } from "@cutaway/core";
import { type ContextNumbers, contextNumbers } from "@cutaway/metrics";
import type { Counted } from "./changes.ts";

/** The lengths that a call's error speaks of, with the cap as asked where the text names none; undefined where the error is about something else. */
export function contextError(call: Call): ContextNumbers | undefined {
  const { error } = call;
  if (!error) return undefined;
  const refused = refusedLocally(call);
  if (refused) return refused;
  const told = contextNumbers(error.message);
  const cap = call.request?.parameters.maxOutputTokens;
  const numbers = told && told.output === undefined && cap !== undefined ? { ...told, output: cap } : told;
  if (error.kind === "context-length") return numbers ?? { wording: "the provider" };
  return error.kind === "invalid-request" || error.kind === "unknown" || error.kind === "server" || error.kind === "request-too-large"
    ? numbers
    : undefined;
}

/** The counts of the local runtime, which refuses a prompt that leaves no room for an answer. */
function refusedLocally({ error, local }: Call): ContextNumbers | undefined {
  if (!local || error?.kind !== "context-length") return undefined;
  const prompt = isJsonObject(error.raw) ? error.raw.promptTokens : undefined;
  return { wording: "the local runtime", window: local.contextSize, ...(typeof prompt === "number" && { prompt }) };
}

/** What the numbers blame: the prompt alone, or only the cap on top of it. A prompt counted only in part can be blamed, not cleared. */
export function blames({ window, prompt, isAtLeast, output, requested }: ContextNumbers): "prompt" | "cap" | undefined {
  if (window === undefined || prompt === undefined) return undefined;
  if (prompt >= window) return "prompt";
  const total = requested ?? (output === undefined ? undefined : prompt + output);
  return !isAtLeast && total !== undefined && total > window ? "cap" : undefined;
}

/** Counted for every change that is to make a call fit. */
export const isTooLong: Counted = { counts: "the call is refused as too long for the context", symptom: (call) => contextError(call) !== undefined };
