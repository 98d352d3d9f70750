import { callToJson, type Explanation, type Finding, type JsonObject, type JsonValue, plain } from "@cutaway/core";

/** An Explanation as JSON: schema and version first, what is unknown `null`, a change as its words and the parameters it sets. */
export function explanationToJson(explanation: Explanation): JsonObject {
  const { call, findings, durations, entry, cost, costUnknown, prompt, strips } = explanation;
  return {
    schema: "cutaway/explanation",
    version: 1,
    call: callToJson(call),
    findings: findings.map(findingToJson),
    durations: { ...unknownDurations, ...(plain(durations) as JsonObject) },
    model: (plain(entry) as JsonValue | undefined) ?? null,
    cost: (plain(cost) as JsonValue | undefined) ?? null,
    costUnknown: costUnknown ?? null,
    prompt: (plain(prompt) as JsonValue | undefined) ?? null,
    strips: plain(strips) as JsonValue,
  };
}

const unknownDurations = { ttft: null, ttfText: null, total: null, tpot: null, chunkGaps: null, tail: null };

/** A Finding as JSON. What the change takes out of the request is `null` in `set` and `setLocal`. */
export function findingToJson(finding: Finding): JsonObject {
  const { change, verification, ...rest } = finding;
  return {
    ...(plain(rest) as JsonObject),
    change: change ? { says: change.says, set: settings(change.set), setLocal: settings(change.setLocal), counts: change.counts ?? null } : null,
    verification: verification ? { ...unknownVerification, ...(plain(verification) as JsonObject) } : null,
  };
}

const unknownVerification = {
  arms: null,
  counts: null,
  difference: null,
  p: null,
  deterministic: null,
  errorRate: null,
  experiment: null,
  model: null,
  cost: null,
};

const settings = (set: object | undefined): JsonObject | null => (set ? (plain(nullForUndefined(set)) as JsonObject) : null);

const nullForUndefined = (set: object) => Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value ?? null]));
