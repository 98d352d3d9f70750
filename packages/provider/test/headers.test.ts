import { redactUrl, startExchange } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { resetMs } from "../src/headers/durations.ts";
import { fold } from "./support.ts";

function metaOf(headers: Record<string, string>, requestHeaders: Record<string, string> = {}) {
  const events: Parameters<typeof fold>[0] extends Iterable<infer E> ? E[] : never = [];
  const exchange = startExchange({ url: "https://api.openai.com/v1/responses", requestHeaders, requestBody: { model: "m", input: "x" } }, (event) =>
    events.push(event),
  );
  exchange.headers(200, headers);
  return fold(events);
}

test.each([
  ["2ms", 2],
  ["8.64s", 8640],
  ["6m0s", 360_000],
  ["1h2m3.5s", 3_723_500],
  ["2m59.56s", 179_560],
  ["0s", 0],
  ["33011.382", 33_011_382],
  ["2026-11-22T10:00:10Z", 10_000],
  ["soon", undefined],
  ["", undefined],
])("a reset of %j is %s ms", (text, expected) => {
  expect(resetMs(text, Date.parse("2026-11-22T10:00:00Z"))).toBe(expected);
});

test("an instant cannot be counted down without a clock", () => {
  expect(resetMs("2026-11-22T10:00:10Z", undefined)).toBe(undefined);
});

test("OpenAI's head", () => {
  const call = metaOf(
    {
      "X-Request-Id": "req_1",
      "OpenAI-Processing-Ms": "1352",
      "x-ratelimit-limit-requests": "30000",
      "x-ratelimit-remaining-requests": "29999",
      "x-ratelimit-reset-requests": "2ms",
      "x-ratelimit-limit-tokens": "150000000",
      "x-ratelimit-reset-tokens": "6m0s",
      "set-cookie": "secret",
      "openai-organization": "org-secret",
    },
    { "x-stainless-retry-count": "2", authorization: "Bearer sk-secret", "user-agent": "OpenAI/JS", "x-api-key": "sk-secret", cookie: "secret" },
  );
  expect(call.response).toMatchObject({
    status: 200,
    requestId: "req_1",
    processingMs: 1352,
    retries: 2,
    rateLimits: [
      { of: "requests", limit: 30_000, remaining: 29_999, resetMs: 2, resetRaw: "2ms" },
      { of: "tokens", limit: 150_000_000, resetMs: 360_000, resetRaw: "6m0s" },
    ],
  });
  expect(call.request?.headers).toEqual({ "x-stainless-retry-count": "2", "user-agent": "OpenAI/JS" });
  expect(JSON.stringify(call)).not.toMatch(/secret/);
});

test("Anthropic's head: instants are read against the answer's own date", () => {
  const call = metaOf({
    date: "Sun, 22 Nov 2026 10:00:00 GMT",
    "request-id": "req_2",
    "anthropic-ratelimit-input-tokens-limit": "400000",
    "anthropic-ratelimit-input-tokens-remaining": "399000",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-22T10:01:00Z",
  });
  expect(call.response).toMatchObject({
    requestId: "req_2",
    rateLimits: [{ of: "input-tokens", limit: 400_000, remaining: 399_000, resetMs: 60_000, resetRaw: "2026-11-22T10:01:00Z" }],
  });
});

describe("redactUrl", () => {
  test.each([
    ["https://user:pass@host.test/v1", "https://host.test/v1"],
    ["https://host.test/v1?key=AIza&alt=sse", "https://host.test/v1?key=REDACTED&alt=sse"],
    [
      "https://host.test/v1?api_key=a&api-key=b&token=c&access_token=d&x=1",
      "https://host.test/v1?api_key=REDACTED&api-key=REDACTED&token=REDACTED&access_token=REDACTED&x=1",
    ],
    ["https://host.test/v1?api-version=2024-10-21&code=abc", "https://host.test/v1?api-version=2024-10-21&code=REDACTED"],
    ["https://host.test/v1?X-Amz-Signature=abc&monkey=1", "https://host.test/v1?X-Amz-Signature=REDACTED&monkey=1"],
    ["/v1/chat/completions?k%65y=abc", "/v1/chat/completions?k%65y=REDACTED"],
    ["not a url?token=abc", "not a url?token=REDACTED"],
  ])("%s", (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});
