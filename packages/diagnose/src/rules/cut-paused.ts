import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { quote } from "../words.ts";

/** The provider paused a long turn and waits for the caller to send it back. */
export const paused = callRule({
  id: "cut.paused",
  title: "The provider paused the turn",
  check: (call) =>
    call.answers.flatMap((answer, i): Found[] =>
      answer.finish.reason !== "paused"
        ? []
        : [
            {
              severity: "warning",
              certainty: "certain",
              says: `The turn is not over: the provider paused it (${quote(answer.finish.raw ?? "paused")}) and goes on when the answer so far is sent back as the last assistant message.`,
              evidence: [inField(call, `answers[${i}].finish`, "a pause, not an end")],
            },
          ],
    ),
});
