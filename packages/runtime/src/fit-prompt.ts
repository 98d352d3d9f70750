import type { LocalOptions, LocalRun, PromptToken } from "@cutaway/core";

export interface FittedPrompt {
  tokens: PromptToken[];
  dropped?: NonNullable<LocalRun["dropped"]>;
}

/**
 * A prompt fits if the context has room for it and one token of the answer. One that fits is never touched. One that does not is refused,
 * or, where that was asked for, loses tokens at its start or its end until there is room for the answer as well: for
 * `maxOutputTokens`, but no more than a quarter of the context, and at least one token.
 * returns undefined for a prompt that is refused
 */
export function fitPrompt(
  tokens: PromptToken[],
  contextSize: number,
  { overflow = "refuse", maxOutputTokens = contextSize }: { overflow?: LocalOptions["overflow"]; maxOutputTokens?: number | undefined },
): FittedPrompt | undefined {
  if (tokens.length < contextSize) return { tokens };
  if (overflow === "refuse") return undefined;
  const room = Math.max(1, Math.min(maxOutputTokens, Math.floor(contextSize / 4)));
  const kept = contextSize - room;
  if (kept < 1) return undefined;
  const at = overflow === "truncate-start" ? "start" : "end";
  return {
    tokens: at === "start" ? tokens.slice(tokens.length - kept) : tokens.slice(0, kept),
    dropped: { tokens: tokens.length - kept, of: tokens.length, at },
  };
}
