import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";
import { clause, oneLine } from "../words.ts";

/** The key is missing, wrong, or not allowed to do this. */
export const authentication = callRule({
  id: "error.authentication",
  title: "The key was refused",
  check: (call): Found[] => {
    const kind = call.error?.kind;
    if (!call.error || (kind !== "authentication" && kind !== "permission")) return [];
    const why =
      kind === "authentication"
        ? "The provider refused the key: it is missing, wrong, revoked, or of another provider than the address"
        : "The key is valid and may not do this: look at its project, its scopes and the model's access list";
    return [
      {
        severity: "problem",
        certainty: "certain",
        says: `${why} (${clause(call.error.message, 200)}).`,
        evidence: [inField(call, "error.message", oneLine(call.error.message))],
      },
    ];
  },
});
