import type { JsonObject, ResponseMeta } from "@cutaway/core";
import { filledOf, known, objectOf } from "../json/fields.ts";

/** What a message says about itself. */
export function decodeMeta(message: JsonObject): { model: string | undefined; response: ResponseMeta } {
  return {
    model: filledOf(message.model),
    response: known({ id: filledOf(message.id), serviceTier: filledOf(objectOf(message.usage)?.service_tier) }),
  };
}
