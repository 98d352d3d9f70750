import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { limitMeaning } from "../limit-meaning.ts";
import { oneLine } from "../words.ts";

/** 429, second meaning: the account's money or allowance is used up. Sending it again never helps. */
export const quota = callRule({
  id: "limit.quota",
  title: "The account's quota or credit is used up",
  check: (call): Found[] => {
    if (!call.error || limitMeaning(call.error)?.meaning !== "quota") return [];
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: "The account's quota or credit is used up: sending it again changes nothing until billing does.",
        evidence: [
          inField(call, "error.message", oneLine(call.error.message)),
          ...(call.error.code === undefined ? [] : [inField(call, "error.code", call.error.code)]),
        ],
      },
    ];
  },
});
