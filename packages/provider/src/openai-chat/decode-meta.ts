import type { JsonObject, ResponseMeta } from "@cutaway/core";
import { filledOf, known, numberOf } from "../json/fields.ts";

/** What a chat completion or one of its chunks says about itself. */
export function decodeMeta(body: JsonObject): { model: string | undefined; response: ResponseMeta } {
  return {
    model: filledOf(body.model),
    response: known({
      id: filledOf(body.id),
      created: numberOf(body.created) || undefined,
      fingerprint: filledOf(body.system_fingerprint),
      serviceTier: filledOf(body.service_tier),
    }),
  };
}
