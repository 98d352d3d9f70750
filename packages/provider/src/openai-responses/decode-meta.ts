import type { JsonObject, ResponseMeta } from "@cutaway/core";
import { filledOf, known, numberOf } from "../json/fields.ts";

/** What a response object says about itself. */
export function decodeMeta(body: JsonObject): { model: string | undefined; response: ResponseMeta } {
  return {
    model: filledOf(body.model),
    response: known({ id: filledOf(body.id), created: numberOf(body.created_at), serviceTier: filledOf(body.service_tier) }),
  };
}
