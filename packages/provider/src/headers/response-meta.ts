import type { ResponseMeta } from "@cutaway/core";
import { known } from "../json/fields.ts";
import { keptResponseHeaders } from "./kept-headers.ts";
import { rateLimitsOf } from "./rate-limits.ts";

/**
 * What the head of an HTTP answer tells.
 * response, request  all headers, lower-case names;   now  milliseconds since the epoch
 */
export function responseMeta(
  status: number | undefined,
  response: Record<string, string>,
  request: Record<string, string> = {},
  now?: number,
): ResponseMeta {
  const rateLimits = rateLimitsOf(response, now);
  return known({
    status,
    requestId: response["x-request-id"] ?? response["request-id"] ?? response["x-amzn-requestid"] ?? response["apim-request-id"],
    processingMs: decimal(response["openai-processing-ms"]),
    rateLimits: rateLimits.length > 0 ? rateLimits : undefined,
    retries: decimal(request["x-stainless-retry-count"]),
    headers: keptResponseHeaders(response),
  });
}

const decimal = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
