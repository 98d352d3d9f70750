import { CutawayError, type ScoredToken, type ScoredTokens, type TokenId, type Tokenizer } from "@cutaway/core";
import { createSampler } from "@cutaway/sampling";
import type { Engine } from "./engine/load-engine.ts";
import { tokenBytes } from "./token-bytes.ts";

export interface ScoringOptions {
  /** Alternatives a token; default 10. */
  depth?: number;
  /** Looked at before every token. */
  isStopped?(): boolean;
}

/** The log-likelihood of given tokens, each after all before it. @throws `context-full`, `unknown-token`, `interrupted` */
export async function scoreTokens(
  engine: Pick<Engine, "logitsOf">,
  tokenizer: Tokenizer,
  ids: ArrayLike<number>,
  { depth = 10, isStopped = () => false }: ScoringOptions = {},
): Promise<ScoredTokens> {
  const bytesOf = tokenBytes(tokenizer);
  const reader = createSampler({ temperature: 0 });
  const tokens: ScoredToken[] = [];
  let logprob = 0;
  let next = 1;
  // The last token is followed by none; without it there is nothing to score.
  const before = Array.prototype.slice.call(ids, 0, -1) as number[];
  if (before.length === 0) return { tokens, logprob };
  for await (const logits of engine.logitsOf(before)) {
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
