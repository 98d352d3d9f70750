import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

test("a used-up quota, by kind, by code and by text", () => {
  const errors = [
    failed({ kind: "quota", message: "No." }),
    failed({ kind: "rate-limit", message: "No.", code: "insufficient_quota", status: 429 }),
    failed({ kind: "invalid-request", message: "Your credit balance is too low to access the Anthropic API.", status: 400 }),
  ];
  for (const error of errors) expect(check("limit.quota", call(request(), error))[0]).toMatchObject({ severity: "problem", certainty: "certain" });
});

test("silent for a rate limit and for other errors", () => {
  expect(check("limit.quota", call(request(), failed({ kind: "rate-limit", message: "Slow down", status: 429 })))).toEqual([]);
  expect(check("limit.quota", call(request(), failed({ kind: "server", message: "Oops", status: 500 })))).toEqual([]);
});
