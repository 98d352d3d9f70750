import type { PromptSplit, Request, Segment, Tokenizer } from "@cutaway/core";
import { readingOrder } from "./reading-order.ts";

export interface Counter {
  tokenizer: Tokenizer;
  /** False where the tokenizer stands in for one that is not published. */
  exact: boolean;
}

export interface SplitOptions {
  counter?: Counter;
  /** US dollars per million uncached input tokens (`inputPrice`). */
  inputPricePerMillion?: number;
  /** All input tokens by the provider's count, cached ones included. */
  providerInputTokens?: number;
}

/**
 * The prompt by segments, in reading order, each with its tokens and what they cost uncached.
 * Tools are counted as they stand in the body, calls as name and arguments: how the provider writes them for the model is not known.
 * What the segments do not account for is `unattributed`: message framing, media, hidden prompts, that unknown spelling.
 */
export function splitPrompt(request: Request, options: SplitOptions = {}): PromptSplit {
  const { counter, inputPricePerMillion: price, providerInputTokens } = options;
  let counted = 0;
  const segments = readingOrder(request).map(({ kind, at, label, text, isText }): Segment => {
    if (!counter || !isText) return { kind, at, label, text };
    const tokens = counter.tokenizer.count(text, { disallowedSpecial: "as-text" });
    counted += tokens;
    return { kind, at, label, text, tokens, ...(price !== undefined && { cost: (tokens * price) / 1_000_000 }) };
  });
  if (!counter) return { segments };
  return {
    segments,
    tokenizer: { name: counter.tokenizer.name, exact: counter.exact },
    counted,
    ...(providerInputTokens !== undefined && { unattributed: providerInputTokens - counted }),
  };
}
