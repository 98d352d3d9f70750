import { callRule, type Found } from "../call-rule.ts";
import { setParameters } from "../changes.ts";
import { inField } from "../evidence.ts";
import { limitMeaning } from "../limit-meaning.ts";
import { count, tokens } from "../words.ts";

/** The output cap reserves much of a token limit that the answers do not need. */
export const capReservation = callRule({
  id: "cost.cap-reservation",
  title: "A large output cap uses up the rate limit",
  check: (call): Found[] => {
    const cap = call.request?.parameters.maxOutputTokens;
    const limits = call.response?.rateLimits ?? [];
    const index = limits.findIndex(({ of, limit }) => /token/.test(of) && limit !== undefined);
    const limit = limits[index]?.limit;
    if (cap === undefined || limit === undefined || cap < limit * 0.1) return [];
    const written = call.usage.outputTokens;
    const limited = call.error !== undefined && limitMeaning(call.error)?.meaning === "rate";
    if (!limited && (written === undefined || written * 10 > cap)) return [];
    const enough = written === undefined ? undefined : Math.max(256, Math.ceil((written * 3) / 100) * 100);
    return [
      {
        severity: limited ? "warning" : "note",
        certainty: limited ? "likely" : "certain",
        says: `The cap of ${tokens(cap)} counts against the limit of ${count(limit)} a minute as if it were used${written === undefined ? "" : `, and the answer took ${count(written)}`}.`,
        evidence: [
          inField(call, "request.parameters.maxOutputTokens", `${tokens(cap)} reserved`),
          inField(call, `response.rateLimits[${index}]`, `${count(limit)} tokens a minute`),
        ],
        ...(enough !== undefined &&
          enough < limit * 0.1 && {
            change: setParameters(
              `lower the output cap to ${enough}, three times what this answer took`,
              { maxOutputTokens: enough },
              {
                counts: `the request reserves a tenth or more of the limit of ${count(limit)} tokens`,
                symptom: (other) => (other.request?.parameters.maxOutputTokens ?? 0) >= limit * 0.1,
              },
            ),
          }),
      },
    ];
  },
});
