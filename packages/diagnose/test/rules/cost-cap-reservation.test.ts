import { expect, test } from "vitest";
import { call, check, failed, finish, request, text, usage } from "../calls.ts";

const asked = request({ parameters: { maxOutputTokens: 16_000 } });
const headers = { type: "headers-received" as const, response: { status: 200, rateLimits: [{ of: "tokens", limit: 30_000, remaining: 13_000 }] } };

test("a cap that reserves much of the limit for a short answer", () => {
  const [finding] = check("cost.cap-reservation", call(asked, headers, text("Yes."), finish("stop"), usage({ outputTokens: 100 })));
  expect(finding).toMatchObject({ severity: "note", change: { set: { maxOutputTokens: 300 } } });
});

test("it is the likely reason of a rate limit", () => {
  expect(
    check("cost.cap-reservation", call(asked, headers, failed({ kind: "rate-limit", message: "Rate limit reached", status: 429 })))[0],
  ).toMatchObject({
    severity: "warning",
    certainty: "likely",
  });
});

test("silent where the answer needed the cap, where the limit is far, and where it is unknown", () => {
  expect(check("cost.cap-reservation", call(asked, headers, text("…"), finish("stop"), usage({ outputTokens: 9_000 })))).toEqual([]);
  const far = { type: "headers-received" as const, response: { rateLimits: [{ of: "tokens", limit: 2_000_000 }] } };
  expect(check("cost.cap-reservation", call(asked, far, text("Yes."), finish("stop"), usage({ outputTokens: 100 })))).toEqual([]);
  expect(check("cost.cap-reservation", call(asked, text("Yes."), finish("stop"), usage({ outputTokens: 100 })))).toEqual([]);
});
