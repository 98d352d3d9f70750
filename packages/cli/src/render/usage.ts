import type { Usage } from "@cutaway/core";
import { count, counted } from "../terminal/numbers.ts";

/** `1,204 tokens in (1,024 from cache), 16 out (12 reasoning)`; what is unknown is not mentioned. */
export function usageWords(usage: Usage): string | undefined {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, reasoningTokens, totalTokens } = usage;
  const inside = (items: (string | undefined)[]) => {
    const known = items.filter((item) => item !== undefined);
    return known.length > 0 ? ` (${known.join(", ")})` : "";
  };
  const cached = inside([
    cacheReadTokens ? `${count(cacheReadTokens)} from cache` : undefined,
    cacheWriteTokens ? `${count(cacheWriteTokens)} to cache` : undefined,
  ]);
  const reasoning = inside([reasoningTokens ? `${count(reasoningTokens)} reasoning` : undefined]);
  if (inputTokens === undefined && outputTokens === undefined) return totalTokens === undefined ? undefined : counted(totalTokens, "token");
  return [
    inputTokens === undefined ? undefined : `${counted(inputTokens, "token")} in${cached}`,
    outputTokens === undefined ? undefined : `${inputTokens === undefined ? counted(outputTokens, "token") : count(outputTokens)} out${reasoning}`,
  ]
    .filter((item) => item !== undefined)
    .join(", ");
}
