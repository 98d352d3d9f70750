import { type Call, isJsonObject } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inField } from "../evidence.ts";

/** The same call was made before: by the client library on its own, or by the program. */
export const retried = callRule({
  id: "cost.retried",
  title: "The call had been tried before",
  check: (call, facts): Found[] => {
    const retries = call.response?.retries ?? 0;
    if (retries > 0) {
      return [
        {
          severity: "note",
          certainty: "certain",
          says: `The client library had already tried this call ${retries === 1 ? "once" : `${retries} times`}: the time and money of those attempts come on top.`,
          evidence: [inField(call, "response.retries", String(retries))],
        },
      ];
    }
    const same = (facts.related ?? []).filter((earlier) => earlier.id !== call.id && earlier.id !== call.parent && sameRequest(earlier, call));
    if (same.length === 0) return [];
    const failed = same.filter(({ error, ending }) => error !== undefined || ending === "cut" || ending === "cancelled").length;
    return [
      {
        severity: "note",
        certainty: "likely",
        says: `The very same request was sent ${same.length === 1 ? "once" : `${same.length} times`} before in this session${failed > 0 ? `, ${failed} of them without a whole answer` : ""}.`,
        evidence: [inField(call, "request", "equal to an earlier call's")],
      },
    ];
  },
});

/** Equal bodies, sent within a minute of each other. */
function sameRequest(earlier: Call, call: Call): boolean {
  const [then, now] = [earlier.instants.issued, call.instants.issued];
  if (then === undefined || now === undefined || now - then > 60_000 || then > now) return false;
  if (!isJsonObject(earlier.request?.body) || !isJsonObject(call.request?.body)) return false;
  return earlier.model.asked === call.model.asked && JSON.stringify(earlier.request.body) === JSON.stringify(call.request.body);
}
