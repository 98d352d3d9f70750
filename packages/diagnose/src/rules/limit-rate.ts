import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { limitMeaning } from "../limit-meaning.ts";
import { count, oneLine, seconds } from "../words.ts";

/** 429, first meaning: too much in too short a time. Waiting helps. */
export const rate = callRule({
  id: "limit.rate",
  title: "A rate limit was reached",
  check: (call): Found[] => {
    if (!call.error || limitMeaning(call.error)?.meaning !== "rate") return [];
    const exhausted = call.response?.rateLimits?.findIndex(({ remaining }) => remaining === 0) ?? -1;
    const limit = call.response?.rateLimits?.[exhausted];
    const wait = call.error.retryAfterMs ?? limit?.resetMs;
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (limit)
      evidence.push(
        inField(call, `response.rateLimits[${exhausted}]`, `no ${limit.of} remain${limit.limit === undefined ? "" : ` of ${count(limit.limit)}`}`),
      );
    if (call.error.retryAfterMs !== undefined) evidence.push(inField(call, "error.retryAfterMs", `wait ${seconds(call.error.retryAfterMs)}`));
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The provider's rate limit${limit ? ` of ${limit.of}` : ""} was reached${wait === undefined ? "; send it again later, with growing pauses" : `; send it again after ${seconds(wait)}`}.`,
        evidence,
      },
    ];
  },
});
