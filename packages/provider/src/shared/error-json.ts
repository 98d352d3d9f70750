import { type CallError, isJsonObject, type JsonObject } from "@cutaway/core";
import { known } from "../json/fields.ts";

/** An error as OpenAI's formats send it: the body it came in, where that is known. */
export function errorJson(error: CallError): JsonObject {
  if (isJsonObject(error.raw) && error.raw.error !== undefined) return error.raw;
  return { error: known({ message: error.message, type: error.type ?? error.kind, param: error.param, code: error.code }) };
}
