import { type UnsureSpan, unsureSpans } from "@cutaway/metrics";
import { callRule, type Found } from "../call-rule.ts";
import { inSteps } from "../evidence.ts";
import { percent, quote } from "../words.ts";

/** Facts that the model itself held for unlikely, where the provider sent probabilities. */
export const lowConfidence = callRule({
  id: "invention.low-confidence",
  title: "The model was unsure of what it stated",
  needs: { logprobs: { depth: 0, prompt: false } },
  check: (call) =>
    call.answers.flatMap((answer, i): Found[] => {
      if (!answer.steps) return [];
      const unsure = unsureSpans(answer.steps).filter(({ factual, probability, overruled }) => overruled || (factual && probability < 0.3));
      if (unsure.length === 0) return [];
      const worst = [...unsure].sort((a, b) => a.probability - b.probability).slice(0, 5);
      const first = worst[0] as UnsureSpan;
      return [
        {
          severity: "note",
          certainty: "possible",
          says: `${unsure.length === 1 ? "One number or name" : `${unsure.length} numbers or names`} came at low probability, the lowest ${quote(first.text.trim())} at ${percent(first.probability)}${rivals(answer.steps[first.step])}: check ${unsure.length === 1 ? "it" : "them"} before relying on ${unsure.length === 1 ? "it" : "them"}.`,
          evidence: worst
            .sort((a, b) => a.span.start - b.span.start)
            .map(({ span, text, probability }) => inSteps(call, i, span, `${quote(text.trim())}, lowest probability ${percent(probability)}`)),
        },
      ];
    }),
});

/** What else was as likely there. */
function rivals(step: { bytes: Uint8Array; top?: { bytes: Uint8Array; logprob: number }[] } | undefined): string {
  const utf8 = new TextDecoder();
  const own = step && utf8.decode(step.bytes);
  const others = (step?.top ?? []).map(({ bytes, logprob }) => ({ text: utf8.decode(bytes), logprob })).filter(({ text }) => text !== own);
  if (others.length === 0) return "";
  return ` (instead of ${others
    .slice(0, 2)
    .map(({ text, logprob }) => `${quote(text.trim())} at ${percent(Math.exp(logprob))}`)
    .join(" or ")})`;
}
