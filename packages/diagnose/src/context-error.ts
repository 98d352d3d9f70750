import type { Call } from "@cutaway/core";
import { type ContextNumbers, contextNumbers } from "@cutaway/metrics";

/** The lengths that a call's error speaks of; undefined where the error is about something else. */
export function contextError(call: Call): ContextNumbers | undefined {
  const { error } = call;
  if (!error) return undefined;
  const numbers = contextNumbers(error.message);
  if (error.kind === "context-length") return numbers ?? { wording: "the provider" };
  return error.kind === "invalid-request" || error.kind === "unknown" || error.kind === "server" || error.kind === "request-too-large"
    ? numbers
    : undefined;
}

/** What the numbers blame: the prompt alone, or only the cap on top of it. */
export function blames({ window, prompt, output, requested }: ContextNumbers): "prompt" | "cap" | undefined {
  if (window === undefined) return undefined;
  if (prompt !== undefined && prompt > window) return "prompt";
  const total = requested ?? (prompt !== undefined && output !== undefined ? prompt + output : undefined);
  if (prompt !== undefined && total !== undefined && total > window && prompt < window) return "cap";
  return prompt !== undefined && output === undefined && prompt === window ? "prompt" : undefined;
}
