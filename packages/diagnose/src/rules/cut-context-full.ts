import type { Facts } from "@cutaway/core";
import { breaksOff } from "../breaks-off.ts";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, editMessages } from "../changes.ts";
import { endedWith } from "../ended-with.ts";
import { inField } from "../evidence.ts";
import { largerContext } from "../larger-context.ts";
import { lengthLimit } from "../why-too-long.ts";
import { lengthOf, withoutOldest } from "../without-oldest.ts";
import { count, tokens } from "../words.ts";

/** Prompt and answer together filled the context window; no cap on the output would have helped. */
export const contextFull = callRule({
  id: "cut.context-full",
  title: "The context window was full",
  check: (call, facts) =>
    call.answers.flatMap((answer, i): Found[] => {
      const limit = lengthLimit(call, answer, facts);
      if (limit?.kind !== "context") return [];
      const { inputTokens, outputTokens } = call.usage;
      const evidence = [inField(call, `answers[${i}].finish`, endedWith(call, answer))];
      if (inputTokens !== undefined) evidence.push(inField(call, "usage.inputTokens", `the prompt took ${tokens(inputTokens)}`));
      if (outputTokens !== undefined) evidence.push(inField(call, "usage.outputTokens", `the answer took ${tokens(outputTokens)}`));
      evidence.push(...breaksOff(call, i));

      const sum =
        inputTokens !== undefined && outputTokens !== undefined
          ? `${count(inputTokens)} of the prompt + ${count(outputTokens)} of the answer`
          : undefined;
      const window = limit.window === undefined ? "the context window" : `the window of ${tokens(limit.window)}`;
      const messages = call.request?.messages ?? [];
      const half = lengthOf(messages) / 2;
      const shorter = withoutOldest(messages, half);
      const change =
        largerContext(call, inputTokens ?? limit.window ?? 0, filled(facts), (limit.window ?? 0) * 4) ??
        (shorter &&
          editMessages(
            `leave out the oldest ${messages.length - shorter.length} messages, so that the prompt takes about half`,
            (all) => withoutOldest(all, half) ?? all,
            filled(facts),
          ));
      return [
        {
          severity: "problem",
          certainty: "certain",
          says: `The answer stops because prompt and answer together filled ${window}${sum ? ` (${sum})` : ""}; raising the output cap changes nothing.`,
          evidence,
          ...(change && { change }),
        },
      ];
    }),
});

const filled = (facts: Facts): Counted => ({
  counts: "the answer ends because the context is full",
  symptom: (call) => call.answers.some((answer) => lengthLimit(call, answer, facts)?.kind === "context"),
});
