import type { Answer, JsonObject, TokenStep } from "@cutaway/core";

/** Steps as OpenAI's `logprobs` entries. `bytes` carries what `token` cannot: a token may end inside a character. */
export const logprobEntry = (step: TokenStep): JsonObject => ({
  token: lossy.decode(step.bytes),
  bytes: [...step.bytes],
  ...(step.logprob !== undefined && { logprob: step.logprob }),
  top_logprobs: (step.top ?? []).map((item) => ({ token: lossy.decode(item.bytes), bytes: [...item.bytes], logprob: item.logprob })),
});

/** An answer's text in the pieces in which a stream sends it: one a token where the tokens are known, otherwise about a word each. */
export function textPieces(answer: Answer): { text: string; steps: TokenStep[] }[] {
  if (answer.steps && answer.steps.length > 0) {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const pieces = answer.steps.map((step) => ({ text: decoder.decode(step.bytes, { stream: true }), steps: [step] }));
    if (pieces.map((piece) => piece.text).join("") === answer.text) return pieces;
    return [{ text: answer.text, steps: answer.steps }];
  }
  return (answer.text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? []).map((text) => ({ text, steps: [] }));
}

const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
