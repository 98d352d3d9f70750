import { CutawayError, type PromptToken, type ScoredToken } from "@cutaway/core";
import type { LocalModel } from "@cutaway/runtime";
import { promptTokens, rawPrompt } from "@cutaway/tokenizer/chat-template";

export interface ScoreTextOptions {
  bos?: "auto" | "always" | "never";
  parseSpecial?: boolean;
  /** Alternatives a token. */
  top: number;
  /** Tokens by which a window moves on where the text is longer than the context; absent: such a text is refused. */
  stride?: number;
  signal?: AbortSignal;
  progress?(scored: number, of: number): void;
}

export interface TextScore {
  tokens: { token: PromptToken; scored?: ScoredToken }[];
  /** Natural log, summed over all tokens that have something before them. */
  logprob: number;
  scoredTokens: number;
  /** UTF-8 bytes of those tokens. */
  scoredBytes: number;
}

/**
 * The log-likelihood of a text under a model. A text longer than the context is read in windows of the context's size, each `stride` tokens further on; a token
 * is scored in the first window that holds it, so all but those of the first window have at least `contextSize − stride` tokens before them.
 * source  Hugging Face, "Perplexity of fixed-length models": strided evaluation
 * @throws `context-full`, `invalid-parameter`, `empty-prompt`, `no-bos-token`
 */
export async function scoreText(text: string, model: LocalModel, options: ScoreTextOptions): Promise<TextScore> {
  const { bos = "auto", parseSpecial = false, top, stride, signal, progress } = options;
  const { contextSize, specials, name } = model.info;
  if (!model.tokenizer) throw new CutawayError("no-tokenizer", `${name} has no tokenizer`, { kind: "internal" });
  const prompt = promptTokens(model.tokenizer.tokenizer, rawPrompt([{ role: "user", parts: [{ type: "text", text, at: "" }], at: "" }]), {
    bos,
    parseSpecial,
    specials,
  });
  const ids = prompt.map(({ id }) => id as number);
  // The last token is followed by nothing: it needs no position of its own.
  const window = contextSize + 1;
  if (stride !== undefined && stride >= contextSize) {
    throw new CutawayError("bad-option", `--stride is ${stride}, and the context has ${contextSize} positions`, {
      fix: "Give a smaller one; half the context is usual.",
    });
  }
  if (ids.length > window && stride === undefined) {
    throw new CutawayError("context-full", `the text has ${ids.length} tokens, and the context ${contextSize} positions`, {
      fix: `Score it in windows, with --stride ${Math.ceil(contextSize / 2)}.`,
      data: { tokens: ids.length, contextSize },
    });
  }
  const scored: (ScoredToken | undefined)[] = [undefined];
  for (let start = 0; scored.length < ids.length; start += stride ?? window) {
    const { tokens } = await model.score(ids.slice(start, start + window), { depth: top, ...(signal && { signal }) });
    scored.push(...tokens.slice(scored.length - start - 1));
    progress?.(scored.length, ids.length);
  }
  const tokens = prompt.map((token, at) => {
    const one = scored[at];
    return one ? { token, scored: one } : { token };
  });
  const counted = tokens.filter((entry) => entry.scored);
  return {
    tokens,
    logprob: counted.reduce((sum, entry) => sum + (entry.scored?.logprob ?? 0), 0),
    scoredTokens: counted.length,
    scoredBytes: counted.reduce((sum, { token }) => sum + token.bytes.length, 0),
  };
}
