import { CutawayError, isJsonObject, type JsonValue } from "@cutaway/core";
import type { VerifyRequest } from "./verifier.ts";

/** The body of `POST /api/calls/REF/verify`. @throws `invalid-verify` */
export function verifyRequestIn(json: JsonValue): VerifyRequest {
  if (!isJsonObject(json) || typeof json.rule !== "string") throw invalid('the body is not { "rule": … }');
  const { rule, maxCost, maxCalls, again, ...rest } = json;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw invalid(`there is no option ${JSON.stringify(unknown.slice(0, 60))}`);
  if (maxCost !== undefined && !(typeof maxCost === "number" && maxCost > 0)) throw invalid("maxCost must be a number above 0, in US dollars");
  if (maxCalls !== undefined && !(Number.isSafeInteger(maxCalls) && (maxCalls as number) > 0))
    throw invalid("maxCalls must be a whole number above 0");
  if (again !== undefined && typeof again !== "boolean") throw invalid("again must be true or false");
  return {
    rule,
    ...(maxCost !== undefined && { maxCost }),
    ...(maxCalls !== undefined && { maxCalls: maxCalls as number }),
    ...(again !== undefined && { again }),
  };
}

const invalid = (says: string) =>
  new CutawayError("invalid-verify", says, { fix: 'For example {"rule": "loop.repetition", "maxCost": 0.05, "maxCalls": 24}.' });
