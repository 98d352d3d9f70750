import type { Finish, JsonObject } from "@cutaway/core";
import { filledOf, objectOf } from "../json/fields.ts";

/**
 * How a response ended. It has no stop reason of its own: `status`, and for `incomplete` the reason in `incomplete_details`.
 * waitsForTool  a call of the caller's tools came last: completed means "your turn" then, not "done"
 */
export function decodeFinish(response: JsonObject, waitsForTool: boolean): Finish | undefined {
  const status = filledOf(response.status);
  switch (status) {
    case undefined:
      return undefined;
    case "completed":
      return { reason: waitsForTool ? "tool-use" : "stop", raw: status };
    case "incomplete": {
      const details = objectOf(response.incomplete_details);
      const reason = filledOf(details?.reason);
      return {
        reason: reason === "max_output_tokens" ? "output-cap" : reason === "content_filter" ? "content-filter" : "unknown",
        raw: reason ?? status,
        ...(details && { details }),
      };
    }
    case "failed":
      return { reason: "error", raw: status };
    case "cancelled":
      return { reason: "cancelled", raw: status };
    default:
      return { reason: "unknown", raw: status };
  }
}
