import type { Tokenizer } from "@cutaway/core";
import type { Share } from "./report-types.ts";

/** How many of the ids are the unknown token, and how many one raw byte for want of a token. */
export function kindsIn(tokenizer: Tokenizer, ids: Iterable<number>): { unknown: number; byte: number } {
  let unknown = 0;
  let byte = 0;
  for (const id of ids) {
    const kind = tokenizer.kindOf(id);
    if (kind === "unknown") unknown++;
    else if (kind === "byte") byte++;
  }
  return { unknown, byte };
}

/** counts  of one kind, for each text; total  tokens of all kinds in all texts */
export function shareOf(counts: readonly number[], total: number): Share {
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  return { tokens, texts: counts.filter((count) => count > 0).length, rate: total === 0 ? 0 : tokens / total };
}
