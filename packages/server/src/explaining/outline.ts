import type { Call, TokenStep } from "@cutaway/core";

/**
 * The call with no alternatives and no stages in the steps of answers longer than `whole` steps, and which answers those are.
 * A hundred thousand steps with all that is known of each are a hundred megabytes of JSON, of which a person looks at a page.
 */
export function outlineOf(call: Call, whole: number): { call: Call; outlined: number[] } {
  const outlined = [...call.answers.keys()].filter((i) => (call.answers[i]?.steps?.length ?? 0) > whole);
  if (outlined.length === 0) return { call, outlined };
  const answers = call.answers.map((answer, i) => (outlined.includes(i) && answer.steps ? { ...answer, steps: answer.steps.map(bare) } : answer));
  return { call: { ...call, answers }, outlined };
}

const bare = ({ top: _top, stages: _stages, ...step }: TokenStep): TokenStep => step;
