import { callRule, type Found } from "../call-rule.ts";
import { blames, contextError } from "../context-error.ts";
import { answerer, isLocal } from "../ended-with.ts";
import { inField } from "../evidence.ts";
import { capital, count, oneLine, tokens } from "../words.ts";

/** An error that speaks of the context's length without numbers that would tell prompt and cap apart. */
export const errorText = callRule({
  id: "context.error-text",
  title: "The call was refused as too long for the context",
  check: (call, facts): Found[] => {
    const numbers = contextError(call);
    if (!call.error || !numbers || blames(numbers) !== undefined) return [];
    const { counted } = facts.prompt ?? {};
    const window = numbers.window ?? facts.contextWindow;
    const size = numbers.prompt ?? counted;
    const known = [
      ...(size === undefined ? [] : [`the prompt has ${numbers.prompt === undefined ? "about " : ""}${tokens(size)}`]),
      ...(numbers.output === undefined ? [] : [`${count(numbers.output)} are reserved for the answer`]),
      ...(window === undefined ? [] : [`the window is ${count(window)}`]),
    ];
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `${capital(answerer(call))} refused the call as too long for the context${isLocal(call) ? "" : ` (in the wording of ${numbers.wording})`}${known.length > 0 ? `; ${known.join(", ")}` : " and gives no numbers"}.`,
        evidence: [inField(call, "error.message", oneLine(call.error.message))],
      },
    ];
  },
});
