import { CutawayError, type ScoredToken, type ScoredTokens, type TokenId, type Tokenizer } from "@cutaway/core";
import { createSampler } from "@cutaway/sampling";
import { tokenBytes } from "./token-bytes.ts";

export interface ScoringOptions {
  /** Alternatives a token; default 10. */
  depth?: number;
  /** What an encoder–decoder's encoder reads; needed there, and refused elsewhere. */
  source?: ArrayLike<number>;
  /** Looked at before every token. */
  isStopped?(): boolean;
}

/** Whatever gives the logits after each of some tokens. */
export interface Scorer {
  logitsOf(ids: ArrayLike<number>, signal?: AbortSignal, source?: ArrayLike<number>): AsyncGenerator<Float32Array>;
}

/**
 * The log-likelihood of given tokens, each after all before it. `decoderStart`: what an encoder–decoder's decoder begins with; there the first token
 * has something before it.
 * @throws `context-full`, `unknown-token`, `interrupted`, `no-source`, `unsupported-parameter`
 */
export async function scoreTokens(
  scorer: Scorer,
  tokenizer: Tokenizer,
  given: ArrayLike<number>,
  { depth = 10, source, decoderStart, isStopped = () => false }: ScoringOptions & { decoderStart?: number | undefined } = {},
): Promise<ScoredTokens> {
  requireSourceWhereItIsRead(source, decoderStart);
  const ids = decoderStart === undefined ? given : [decoderStart, ...Array.from(given)];
  const bytesOf = tokenBytes(tokenizer);
  const reader = createSampler({ temperature: 0 });
  const tokens: ScoredToken[] = [];
  let logprob = 0;
  let next = 1;
  // The last token is followed by none; without it there is nothing to score.
  const before = Array.prototype.slice.call(ids, 0, -1) as number[];
  if (before.length === 0) return { tokens, logprob };
  for await (const logits of scorer.logitsOf(before, undefined, source)) {
    if (isStopped()) throw new CutawayError("interrupted", "scoring was stopped before its end", { kind: "interrupted" });
    const id = ids[next++] as number;
    const best = reader.choose(logits, [], () => 0, depth);
    const logSum = (logits[best.id] as number) - best.logprob;
    const scored = (logits[id] as number) - logSum;
    logprob += scored;
    tokens.push({
      id: id as TokenId,
      logprob: scored,
      rank: rankOf(logits, id),
      entropy: best.entropy,
      top: best.top.map((candidate) => ({ id: candidate.id as TokenId, bytes: bytesOf(candidate.id), logprob: candidate.logprob })),
    });
  }
  return { tokens, logprob };
}

function requireSourceWhereItIsRead(source: ArrayLike<number> | undefined, decoderStart: number | undefined): void {
  if (decoderStart === undefined && source !== undefined) {
    throw new CutawayError("unsupported-parameter", "source: this model has no encoder that would read it", { fix: "Leave it out." });
  }
  if (decoderStart !== undefined && source === undefined) {
    throw new CutawayError("no-source", "the model is an encoder–decoder, and no text for its encoder was given", {
      fix: "Give the source's tokens.",
    });
  }
}

/** 0: no token is more probable; of equal ones the lower id comes first. */
function rankOf(logits: Float32Array, id: number): number {
  const own = logits[id] as number;
  let rank = 0;
  for (let other = 0; other < logits.length; other++) {
    const logit = logits[other] as number;
    if (logit > own || (logit === own && other < id)) rank++;
  }
  return rank;
}
