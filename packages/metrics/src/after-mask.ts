import type { TokenStep } from "@cutaway/core";
import { grammarStage } from "./distortion.ts";

/** A step under a mask, as if what the mask left had been the model's own distribution: what it took out never comes back. Other steps as they are. */
export function afterMask(step: TokenStep): TokenStep {
  const stage = step.stages?.find((report) => report.stage === grammarStage);
  if (!stage || !step.top) return step;
  const kept = 1 - stage.removedMass;
  const top = step.top.filter(({ removedBy }) => removedBy !== grammarStage).map((token) => ({ ...token, logprob: token.logprob - Math.log(kept) }));
  const known = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  return { ...step, top, tailMass: stage.kept <= top.length ? 0 : Math.max(0, 1 - known) };
}
