import { callRule, type Found } from "../call-rule.ts";
import { setParameters } from "../changes.ts";
import { blames, contextError, isTooLong } from "../context-error.ts";
import { inField } from "../evidence.ts";
import { count, oneLine, tokens } from "../words.ts";

/** The prompt fits the window; prompt and cap together do not. */
export const capTooLarge = callRule({
  id: "context.cap-too-large",
  title: "Prompt and output cap together exceed the context window",
  check: (call): Found[] => {
    const numbers = contextError(call);
    if (!call.error || !numbers || blames(numbers) !== "cap") return [];
    const { window = 0, prompt = 0 } = numbers;
    const output = numbers.output ?? (numbers.requested ?? window) - prompt;
    const fits = window - prompt;
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (call.request?.parameters.maxOutputTokens !== undefined) evidence.push(inField(call, "request.parameters.maxOutputTokens", tokens(output)));
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The prompt's ${tokens(prompt)} fit the window of ${count(window)}, but not together with the ${count(output)} reserved for the answer; ${count(fits)} are left for it.`,
        evidence,
        change: setParameters(`lower the output cap to ${fits}, what the window leaves`, { maxOutputTokens: fits }, isTooLong),
      },
    ];
  },
});
