import type { Answer, Call } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { inField, inText, tailOf } from "../evidence.ts";
import { raisedCap } from "../why-too-long.ts";
import { count, percent, tokens } from "../words.ts";

/** Reasoning used up the output tokens before the answer could be written. */
export const reasoningAteBudget = callRule({
  id: "cut.reasoning-ate-budget",
  title: "Reasoning used up the output tokens",
  check: (call, facts) =>
    call.answers.flatMap((answer, i): Found[] => {
      const ate = reasoningAte(call, answer);
      if (!ate) return [];
      const cap = call.request?.parameters.maxOutputTokens;
      const evidence = [inField(call, `answers[${i}].finish`, "ended by the length limit")];
      if (cap !== undefined) evidence.push(inField(call, "request.parameters.maxOutputTokens", `at most ${tokens(cap)}, reasoning included`));
      if (ate.tokens !== undefined)
        evidence.push(inField(call, "usage.reasoningTokens", `${tokens(ate.tokens)} of reasoning, ${percent(ate.share ?? 1)} of the output`));
      if (answer.reasoning) evidence.push(inText(call, `answers[${i}].reasoning`, tailOf(answer.reasoning), "the reasoning was still going on here"));
      if (answer.text) evidence.push(inText(call, `answers[${i}].text`, tailOf(answer.text), "all there was room for"));

      const raised = raisedCap(call, facts, cap ?? call.usage.outputTokens);
      const effort = call.request?.parameters.reasoning?.effort;
      const change =
        raised !== undefined
          ? setParameters(
              `raise the output cap to ${count(raised.cap)}: it counts reasoning too, and the answer still needs its share`,
              { maxOutputTokens: raised.cap },
              eaten,
            )
          : effort !== undefined && effort !== "low"
            ? setParameters("set reasoning effort to low", { reasoning: { ...call.request?.parameters.reasoning, effort: "low" } }, eaten)
            : undefined;
      const spent = ate.tokens === undefined ? "all of the output" : `${tokens(ate.tokens)} (${percent(ate.share ?? 1)} of the output)`;
      return [
        {
          severity: "problem",
          certainty: ate.tokens === undefined ? "likely" : "certain",
          says: `${answer.text ? "Most of the answer" : "The answer"} is missing because reasoning used ${spent} before the length limit was reached.`,
          evidence,
          ...(change && { change }),
        },
      ];
    }),
});

/** Whether an answer that ran into its length limit is mostly reasoning; from the counts, or from the texts where nobody counted. */
export function reasoningAte(call: Call, answer: Answer): { tokens?: number; share?: number } | undefined {
  if (answer.finish.reason !== "output-cap" && answer.finish.reason !== "context-full") return undefined;
  if (answer.toolCalls.length > 0) return undefined;
  const { reasoningTokens, outputTokens } = call.usage;
  if (reasoningTokens !== undefined && outputTokens !== undefined && outputTokens > 0 && call.answers.length === 1) {
    const share = reasoningTokens / outputTokens;
    return share >= 0.8 ? { tokens: reasoningTokens, share } : undefined;
  }
  return answer.text.trim() === "" && answer.reasoning ? {} : undefined;
}

const eaten: Counted = {
  counts: "the answer ends at the length limit with next to nothing but reasoning",
  symptom: (call) => call.answers.some((answer) => reasoningAte(call, answer) !== undefined),
};
