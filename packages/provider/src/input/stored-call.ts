import { type Call, callFromJson, isCallId, isJsonObject, type JsonObject } from "@cutaway/core";
import { known } from "../json/fields.ts";
import { bodyFromJson } from "./body-json.ts";
import { eventsOfCall } from "./events-of-call.ts";
import type { InputItem } from "./input-item.ts";

/** A Call as JSON, alone, inside an explanation, or as a case file. */
export const isStoredCall = (json: JsonObject): boolean => callIn(json) !== undefined;

const callIn = (json: JsonObject): JsonObject | undefined => [json, json.call].filter(isJsonObject).find(isCall);

const isCall = (json: JsonObject): boolean =>
  typeof json.id === "string" &&
  isCallId(json.id) &&
  Array.isArray(json.answers) &&
  isJsonObject(json.usage) &&
  isJsonObject(json.instants) &&
  Array.isArray(json.notices);

export function storedCallItem(json: JsonObject, from: string): InputItem {
  const call: Call = callFromJson(callIn(json) ?? json);
  return {
    kind: "call",
    events: eventsOfCall(call),
    from,
    bodies: known({ request: rawOf(json.request), response: rawOf(json.response) }),
    id: call.id,
  };
}

/** The raw body of a case file's request or response. */
const rawOf = (side: unknown): Uint8Array | undefined => (isJsonObject(side) ? bodyFromJson(side.raw) : undefined);
