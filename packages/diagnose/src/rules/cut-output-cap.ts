import { breaksOff } from "../breaks-off.ts";
import { callRule, type Found } from "../call-rule.ts";
import { finishesWith, setParameters } from "../changes.ts";
import { endedWith } from "../ended-with.ts";
import { inField } from "../evidence.ts";
import { lengthLimit, raisedCap } from "../why-too-long.ts";
import { count, tokens } from "../words.ts";
import { reasoningAte } from "./cut-reasoning-ate-budget.ts";

/** The answer ran into the cap on output tokens. */
export const outputCap = callRule({
  id: "cut.output-cap",
  title: "The answer hit the cap on output tokens",
  check: (call, facts) =>
    call.answers.flatMap((answer, i): Found[] => {
      const limit = lengthLimit(call, answer, facts);
      if (!limit || limit.kind === "context" || reasoningAte(call, answer)) return [];
      const cap = limit.kind === "cap" ? limit.cap : limit.maximum;
      const written = call.answers.length === 1 ? call.usage.outputTokens : undefined;
      const which = limit.kind === "model-maximum" ? "the model's own maximum" : cap === undefined ? "a cap the recording does not show" : "the cap";
      const evidence = [inField(call, `answers[${i}].finish`, endedWith(call, answer))];
      if (limit.kind === "cap" && limit.cap !== undefined)
        evidence.push(inField(call, "request.parameters.maxOutputTokens", `asked for at most ${tokens(limit.cap)}`));
      if (written !== undefined) evidence.push(inField(call, "usage.outputTokens", `${tokens(written)} were written`));
      evidence.push(...breaksOff(call, i));

      const raised = raisedCap(call, facts, cap ?? written);
      const change =
        raised !== undefined && limit.kind === "cap"
          ? setParameters(
              `raise the output cap to ${count(raised.cap)}, ${raised.because}`,
              { maxOutputTokens: raised.cap },
              { counts: "the answer ends at the cap on its tokens", symptom: finishesWith("output-cap") },
            )
          : undefined;
      const after = written === undefined ? "" : ` after ${tokens(written)}`;
      const size = cap === undefined ? "" : ` of ${tokens(cap)}`;
      return [
        {
          severity: "problem",
          certainty: "certain",
          says: `The answer stops${after} because it reached ${which}${size}${change ? "" : "; ask for the rest in a further call"}.`,
          evidence,
          ...(change && { change }),
        },
      ];
    }),
});
