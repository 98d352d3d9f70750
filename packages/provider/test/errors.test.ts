import type { CallErrorKind } from "@cutaway/core";
import { errorIn, errorKind, startExchange } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { bytesOf, fold } from "./support.ts";

/** Texts as the servers word them. */
const cases: [kind: CallErrorKind, server: string, facts: { status?: number; type?: string; code?: string; message: string }][] = [
  [
    "rate-limit",
    "OpenAI",
    {
      status: 429,
      type: "tokens",
      code: "rate_limit_exceeded",
      message:
        "Rate limit reached for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s. Visit https://platform.openai.com/account/billing to add a payment method.",
    },
  ],
  [
    "quota",
    "OpenAI",
    {
      status: 429,
      type: "insufficient_quota",
      code: "insufficient_quota",
      message: "You exceeded your current quota, please check your plan and billing details.",
    },
  ],
  [
    "request-too-large",
    "OpenAI",
    {
      status: 429,
      type: "tokens",
      code: "rate_limit_exceeded",
      message:
        "Request too large for gpt-4 in organization org-x on tokens per min (TPM): Limit 10000, Requested 12000. The input or output tokens must be reduced in order to run successfully.",
    },
  ],
  [
    "request-too-large",
    "a limit below the request",
    { status: 429, code: "rate_limit_exceeded", message: "Rate limit reached on tokens per min (TPM): Limit 10,000, Used 0, Requested 12,000." },
  ],
  [
    "request-too-large",
    "Groq",
    {
      status: 413,
      type: "tokens",
      code: "rate_limit_exceeded",
      message:
        "Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 7000, please reduce your message size and try again.",
    },
  ],
  ["request-too-large", "Anthropic", { status: 413, type: "request_too_large", message: "Request exceeds the maximum size" }],
  [
    "rate-limit",
    "Anthropic",
    { status: 429, type: "rate_limit_error", message: "This request would exceed your organization's rate limit of 40,000 input tokens per minute." },
  ],
  ["quota", "Anthropic", { status: 400, type: "invalid_request_error", message: "Your credit balance is too low to access the Anthropic API." }],
  ["quota", "OpenRouter", { status: 402, code: "402", message: "Insufficient credits." }],
  ["quota", "DeepSeek", { status: 402, message: "Insufficient Balance" }],
  [
    "rate-limit",
    "Gemini's per-minute limit, worded as quota",
    { status: 429, type: "RESOURCE_EXHAUSTED", message: "You exceeded your current quota. Please retry in 31.5s." },
  ],
  [
    "context-length",
    "OpenAI chat",
    {
      status: 400,
      code: "context_length_exceeded",
      message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
    },
  ],
  [
    "context-length",
    "OpenAI Responses",
    { code: "context_length_exceeded", message: "Your input exceeds the context window of this model. Please adjust your input and try again." },
  ],
  ["context-length", "Anthropic", { status: 400, type: "invalid_request_error", message: "prompt is too long: 208310 tokens > 200000 maximum" }],
  [
    "context-length",
    "Anthropic",
    {
      status: 400,
      type: "invalid_request_error",
      message: "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
    },
  ],
  [
    "context-length",
    "vLLM",
    {
      status: 400,
      type: "BadRequestError",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).",
    },
  ],
  ["context-length", "vLLM", { status: 400, message: "The decoder prompt (length 9000) is longer than the maximum model length of 8192." }],
  ["context-length", "SGLang", { status: 400, message: "The input (8193 tokens) is longer than the model's context length (8192 tokens)." }],
  [
    "context-length",
    "TGI",
    {
      status: 422,
      type: "validation",
      message: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 200 `max_new_tokens`",
    },
  ],
  [
    "context-length",
    "llama.cpp",
    { status: 400, type: "exceed_context_size_error", message: "the request exceeds the available context size, try increasing it" },
  ],
  [
    "context-length",
    "LM Studio",
    {
      message:
        "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens",
    },
  ],
  ["context-length", "xAI", { status: 400, message: "This model's maximum prompt length is 131072 but the request contains 537812 tokens." }],
  [
    "context-length",
    "Mistral",
    { status: 400, message: "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length" },
  ],
  ["context-length", "Groq", { status: 400, message: "Please reduce the length of the messages or completion." }],
  ["context-length", "Bedrock", { status: 400, message: "Input is too long for requested model." }],
  ["context-length", "Gemini", { status: 400, message: "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." }],
  ["context-length", "Alibaba", { status: 400, message: "Range of input length should be [1, 30720]" }],
  ["context-length", "Moonshot", { status: 400, message: "Invalid request: Your request exceeded model token limit: 8192" }],
  [
    "invalid-request",
    "OpenAI, a cap above the model's",
    {
      status: 400,
      type: "invalid_request_error",
      message: "max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.",
    },
  ],
  [
    "invalid-request",
    "Anthropic, a cap above the model's",
    { status: 400, type: "invalid_request_error", message: "max_tokens: 100000 > 8192, which is the maximum allowed number of output tokens" },
  ],
  [
    "invalid-request",
    "OpenAI",
    {
      status: 400,
      type: "invalid_request_error",
      code: "unsupported_parameter",
      message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
    },
  ],
  [
    "content-filter",
    "Azure",
    {
      status: 400,
      code: "content_filter",
      message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    },
  ],
  ["overloaded", "Anthropic", { status: 529, type: "overloaded_error", message: "Overloaded" }],
  ["overloaded", "in a stream", { type: "overloaded_error", message: "Overloaded" }],
  ["authentication", "OpenAI", { status: 401, type: "invalid_request_error", code: "invalid_api_key", message: "Incorrect API key provided" }],
  ["permission", "Anthropic", { status: 403, type: "permission_error", message: "no" }],
  ["not-found", "OpenAI", { status: 404, type: "invalid_request_error", code: "model_not_found", message: "The model `x` does not exist" }],
  ["timeout", "a gateway", { status: 504, message: "Gateway Timeout" }],
  ["server", "OpenAI in a stream", { type: "server_error", message: "The server had an error while processing your request" }],
  ["server", "anyone", { status: 500, message: "boom" }],
  ["unknown", "nobody", { message: "boom" }],
];

test.each(cases)("%s: %s", (kind, _, facts) => {
  expect(errorKind(facts)).toBe(kind);
});

describe("error bodies", () => {
  test.each([
    ["OpenAI", { error: { message: "m", type: "t", param: "p", code: "c" } }, { message: "m", type: "t", param: "p", code: "c" }],
    ["Anthropic", { type: "error", error: { type: "t", message: "m" }, request_id: "r" }, { message: "m", type: "t" }],
    [
      "a list, as Gemini's compatible endpoint sends it",
      [{ error: { code: 400, message: "m", status: "INVALID_ARGUMENT" } }],
      { message: "m", type: "INVALID_ARGUMENT", code: "400" },
    ],
    ["TGI", { error: "m", error_type: "validation" }, { message: "m", type: "validation" }],
    [
      "vLLM",
      { object: "error", message: "m", type: "BadRequestError", param: null, code: 400 },
      { message: "m", type: "BadRequestError", code: "400" },
    ],
    ["FastAPI", { detail: [{ loc: ["body"], msg: "field required", type: "x" }] }, { message: "field required" }],
    ["FastAPI, plain", { detail: "Not Found" }, { message: "Not Found" }],
    ["AWS", { message: "m" }, { message: "m" }],
  ])("%s", (_, body, expected) => {
    expect(errorIn(body, { status: 400 })).toMatchObject({ status: 400, ...expected });
  });

  test("what is no error is none", () => {
    expect(errorIn({ choices: [], error: null })).toBe(undefined);
    expect(errorIn({ message: "hello" })).toBe(undefined);
    expect(errorIn("text", { status: 500 })).toBe(undefined);
  });

  test.each([
    [{ "retry-after-ms": "1500" }, 1500],
    [{ "retry-after": "20" }, 20_000],
    [{ "retry-after": "Wed, 21 Oct 2026 07:28:10 GMT", date: "Wed, 21 Oct 2026 07:28:00 GMT" }, 10_000],
    [{}, 66_500],
  ])("the wait of %j", (headers, expected) => {
    expect(
      errorIn(
        { error: { message: "Please try again in 1m6.5s.", code: "rate_limit_exceeded" } },
        { status: 429, headers: headers as Record<string, string> },
      )?.retryAfterMs,
    ).toBe(expected);
  });
});

describe("an answer with an error status", () => {
  const answered = (status: number, body: string, contentType = "text/html") => {
    const events: Parameters<typeof fold>[0] extends Iterable<infer E> ? E[] : never = [];
    const exchange = startExchange({ url: "https://api.openai.com/v1/chat/completions" }, (event) => events.push(event));
    exchange.headers(status, { "content-type": contentType });
    exchange.chunk(bytesOf(body));
    exchange.close("server");
    return fold(events);
  };
  test("a gateway's page is read as text", () => {
    expect(
      answered(502, "<html><head><style>x{}</style><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"),
    ).toMatchObject({ ending: "complete", error: { kind: "server", status: 502, message: "502 Bad Gateway 502 Bad Gateway" } });
  });
  test("nothing at all is named by its status", () => {
    expect(answered(503, "")).toMatchObject({ ending: "complete", error: { kind: "overloaded", message: "HTTP status 503 without a body" } });
  });
  test("JSON that is announced as an event stream is read as JSON", () => {
    expect(answered(401, '{"error":{"message":"no","code":"invalid_api_key"}}', "text/event-stream")).toMatchObject({
      ending: "complete",
      error: { kind: "authentication" },
    });
  });
});
