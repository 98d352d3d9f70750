import type { CallError, RuleId } from "@cutaway/core";
import { expect, test } from "vitest";
import { call, check, failed, request } from "../calls.ts";

const cases: [rule: RuleId, error: CallError, says: string][] = [
  ["error.overloaded", { kind: "overloaded", message: "Overloaded", status: 529, retryAfterMs: 3_000 }, "send it again after 3.0 s"],
  ["error.server", { kind: "server", message: "Internal error", status: 500 }, "failed on its side"],
  ["error.server", { kind: "timeout", message: "Request timed out", status: 408 }, "time limit"],
  ["error.server", { kind: "network", message: "ECONNREFUSED" }, "connection failed"],
  ["error.authentication", { kind: "authentication", message: "Incorrect API key", status: 401 }, "refused the key"],
  ["error.authentication", { kind: "permission", message: "No access to model", status: 403 }, "may not do this"],
  ["error.not-found", { kind: "not-found", message: "No such model", status: 404 }, "“gpt-4o-mini”"],
  ["error.request", { kind: "invalid-request", message: "Error while downloading https://example.com/a.jpg.", status: 400 }, "send it as data"],
  ["error.request", { kind: "invalid-request", message: "Missing required parameter.", param: "model", status: 400 }, "at “model”"],
  ["error.request", { kind: "unknown", message: "Something odd" }, "Something odd"],
];

test.each(cases)("%s explains %o", (rule, error, says) => {
  const [finding] = check(rule, call(request(), failed(error)));
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain(says);
});

test("a failure of the engine on this machine is not put on a provider", () => {
  const [finding] = check(
    "error.server",
    call(request({ format: "local" }), failed({ kind: "server", code: "bad-logits", message: "a logit is not a number" })),
  );
  expect(finding?.says).toContain("model's file");
  expect(finding?.says).not.toContain("provider");
});

test("each error is explained by its own rule alone", () => {
  const rules: RuleId[] = [
    "error.overloaded",
    "error.server",
    "error.authentication",
    "error.not-found",
    "error.unsupported-parameter",
    "error.request",
  ];
  for (const [rule, error] of cases) {
    const found = rules.filter((id) => check(id, call(request(), failed(error))).length > 0);
    expect(found).toEqual([rule]);
  }
});

test("an error that another family knows better is left to it", () => {
  const others: CallError[] = [
    { kind: "invalid-request", message: "prompt is too long: 210000 tokens > 200000 maximum" },
    { kind: "invalid-request", message: "Your credit balance is too low to access the Anthropic API." },
    { kind: "invalid-request", message: "Unsupported parameter: 'temperature' is not supported with this model." },
    { kind: "invalid-request", message: "messages: final assistant content cannot end with trailing whitespace" },
  ];
  for (const error of others) expect(check("error.request", call(request(), failed(error)))).toEqual([]);
});
