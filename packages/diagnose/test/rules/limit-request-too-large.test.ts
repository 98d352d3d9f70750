import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

const message =
  "Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 36000. The input or output tokens must be reduced.";

test("a request over the limit by itself; a lower cap makes it fit", () => {
  const asked = request({ parameters: { maxOutputTokens: 16_000 } });
  const [finding] = check("limit.request-too-large", call(asked, failed({ kind: "rate-limit", message, status: 429 })));
  expect(finding?.says).toContain("(it asks for 36,000, the limit is 30,000)");
  expect(finding?.change?.set).toEqual({ maxOutputTokens: 9_500 });
  expect(finding?.change?.symptom(call(asked, failed({ kind: "rate-limit", message, status: 429 })))).toBe(true);
});

test("no cap is offered where the prompt alone is over the limit", () => {
  const asked = request({ parameters: { maxOutputTokens: 1_000 } });
  expect(check("limit.request-too-large", call(asked, failed({ kind: "rate-limit", message, status: 429 })))[0]?.change).toBeUndefined();
});

test("a body that is too large", () => {
  expect(
    check(
      "limit.request-too-large",
      call(request(), failed({ kind: "request-too-large", message: "Request exceeds the maximum size", status: 413 })),
    ),
  ).toHaveLength(1);
});

test("silent where the limit was only used up", () => {
  const used = "Rate limit reached: Limit 30000, Used 29500, Requested 1200.";
  expect(check("limit.request-too-large", call(request(), failed({ kind: "rate-limit", message: used, status: 429 })))).toEqual([]);
});
