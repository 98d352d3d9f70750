import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { oneLine, seconds } from "../words.ts";

/** The provider had no capacity; nothing is wrong with the request. */
export const overloaded = callRule({
  id: "error.overloaded",
  title: "The provider was overloaded",
  check: (call): Found[] => {
    if (call.error?.kind !== "overloaded") return [];
    const wait = call.error.retryAfterMs;
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The provider was overloaded: nothing is wrong with the request, send it again ${wait === undefined ? "with growing pauses" : `after ${seconds(wait)}`}.`,
        evidence: [inField(call, "error.message", oneLine(call.error.message))],
      },
    ];
  },
});
