import type { Finish, JsonObject } from "@cutaway/core";
import type { Piece } from "./pieces.ts";

/** Tokens of a whole response: every prompt once, every answer. */
export interface UsageCounter {
  note(piece: Piece): void;
  json(): JsonObject;
}

export function usageCounter(prompts: readonly { length: number }[]): UsageCounter {
  const promptTokens = prompts.reduce((sum, { length }) => sum + length, 0);
  let completionTokens = 0;
  let cached = 0;
  return {
    note(piece) {
      if (piece.type === "usage") completionTokens += piece.outputTokens;
      else if (piece.type === "start") cached += piece.reusedTokens;
    },
    json: () => ({
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: cached },
    }),
  };
}

/** `finish_reason` as OpenAI spells it. */
export function finishReason({ reason }: Finish, hasCalls = false): "stop" | "length" | "tool_calls" {
  if (reason === "output-cap" || reason === "context-full") return "length";
  return hasCalls ? "tool_calls" : "stop";
}
