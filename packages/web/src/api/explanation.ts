import { type CatalogEntry, callFromJson, type Explanation, type Finding, isJsonObject, type JsonValue, type TokenStep } from "@cutaway/core";
import { ApiError } from "./api-error.ts";
import { withoutNulls } from "./without-nulls.ts";

/** An explanation as the page holds it: of long answers, the steps came without their alternatives and stages. */
export type Opened = Explanation & { outlined: readonly number[] };

/**
 * An Explanation from its JSON. Fields that are `null` there are unknown, and absent here. Values that belong to the provider
 * (bodies, raw errors) keep their nulls.
 * throws  ApiError `unknown-schema` when the server speaks another version.
 */
export function explanationFromJson(json: unknown): Opened {
  if (!isJsonObject(json) || json.schema !== "cutaway/explanation" || json.version !== 1) {
    throw new ApiError(
      "unknown-schema",
      "the server sent an explanation this page cannot read",
      "Reload the page: the server may have been updated.",
    );
  }
  const known = withoutNulls(json) as unknown as Explanation;
  return {
    ...known,
    ...(isJsonObject(json.model) && { entry: withoutNulls(json.model) as unknown as CatalogEntry }),
    call: callFromJson(withoutNulls(json.call) as JsonValue),
    outlined: Array.isArray(json.outlined) ? (json.outlined as number[]) : [],
    durations: withoutNulls(known.durations ?? {}),
    findings: (known.findings ?? []).map(findingFromJson),
    strips: (known.strips ?? []).map((strip) => ({ ...withoutNulls(strip), tokens: strip.tokens.map(withoutNulls) })),
    ...(known.prompt && { prompt: { ...withoutNulls(known.prompt), segments: known.prompt.segments.map(withoutNulls) } }),
  };
}

/** In `set` and `setLocal` of a change, null is meant: it takes a setting out. */
function findingFromJson(json: Finding): Finding {
  const finding = withoutNulls(json);
  return {
    ...finding,
    ...(finding.change && { change: withoutNulls(finding.change) }),
    ...(finding.verification && { verification: withoutNulls(finding.verification) }),
  };
}

/** Steps as `…/steps` sends them. */
export function stepsFromJson(json: unknown): TokenStep[] {
  const call = callFromJson({ id: "", answers: [json as JsonValue], usage: {}, instants: {} });
  return call.answers[0]?.steps ?? [];
}
