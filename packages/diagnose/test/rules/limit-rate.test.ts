import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

const message = "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200. Please try again in 1.4s.";

test("too much in too short a time: wait as long as the provider says", () => {
  const limited = call(
    request(),
    { type: "headers-received", response: { status: 429, rateLimits: [{ of: "tokens", limit: 30_000, remaining: 0, resetMs: 1_400 }] } },
    failed({ kind: "rate-limit", message, status: 429, retryAfterMs: 2_000 }),
  );
  const [finding] = check("limit.rate", limited);
  expect(finding?.says).toBe("The provider's rate limit of tokens was reached; send it again after 2.0 s.");
  expect(finding?.evidence.map(({ at }) => at)).toEqual(["error.message", "response.rateLimits[0]", "error.retryAfterMs"]);
});

test("without a time to wait, growing pauses", () => {
  expect(check("limit.rate", call(request(), failed({ kind: "rate-limit", message: "Too many requests", status: 429 })))[0]?.says).toContain(
    "growing pauses",
  );
});

test("silent for the two other meanings of 429", () => {
  const quota = "You exceeded your current quota, please check your plan and billing details.";
  const large = "Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000.";
  for (const text of [quota, large])
    expect(check("limit.rate", call(request(), failed({ kind: "rate-limit", message: text, status: 429 })))).toEqual([]);
});
