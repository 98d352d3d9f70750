import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { clause, oneLine, quote } from "../words.ts";

/** No such model, or no such path. */
export const notFound = callRule({
  id: "error.not-found",
  title: "The model or the address does not exist",
  check: (call): Found[] => {
    if (call.error?.kind !== "not-found") return [];
    const model = call.request?.model ?? call.model.asked;
    const evidence = [inField(call, "error.message", oneLine(call.error.message))];
    if (model !== undefined) evidence.push(inField(call, "model.asked", model));
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `The provider knows no ${model === undefined ? "such model or address" : `model ${quote(model)} at this address, or the key may not see it`} (${clause(call.error.message, 200)}).`,
        evidence,
      },
    ];
  },
});
