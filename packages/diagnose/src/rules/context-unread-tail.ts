import { callRule, type Found } from "../call-rule.ts";
import { inField, inPrompt } from "../evidence.ts";
import { largerContext } from "../larger-context.ts";
import { leftOut } from "../left-out.ts";
import { count, percent, quoteEnd, tokens } from "../words.ts";
import { dropsTokens } from "./context-truncated.ts";

/** The end of the prompt was left out, where the question stands. */
export const unreadTail = callRule({
  id: "context.unread-tail",
  title: "The end of the prompt was never read",
  check: (call): Found[] => {
    const { dropped, contextSize } = call.local ?? {};
    if (dropped?.at !== "end" || contextSize === undefined) return [];
    const lost = leftOut(call);
    const last = lost.at(-1);
    const change = largerContext(call, dropped.of, dropsTokens);
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The last ${tokens(dropped.tokens)} of the prompt's ${count(dropped.of)} (${percent(dropped.tokens / dropped.of)}) were left out to fit a context of ${count(contextSize)}: the model never read the end${last ? `, ${quoteEnd(last.text.trimEnd(), 40)}` : ""}.`,
        evidence: [
          inField(call, "local.dropped", `${count(dropped.tokens)} of ${tokens(dropped.of)} left out at the end`),
          ...lost.slice(-5).map(({ at, span }) => inPrompt(call, at, span, "never read")),
          inField(call, "local.contextSize", `${count(contextSize)} positions for prompt and answer`),
        ],
        ...(change && { change }),
      },
    ];
  },
});
