import { type CutawayError, newCallId } from "@cutaway/core";
import { encodeAnswer, readInput, toCaseFile } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { chatStream, messagesStream, responsesStream } from "./streams.ts";
import { bytesOf, callIn, fold, items, lines, sse } from "./support.ts";

const request = { model: "gpt-x", messages: [{ role: "user", content: "Hi" }] };
const answer = {
  id: "c1",
  object: "chat.completion",
  model: "gpt-x-2026",
  choices: [{ index: 0, message: { role: "assistant", content: "Ho" }, finish_reason: "stop" }],
};
const failure = (input: string | Uint8Array): CutawayError => {
  try {
    items(input);
  } catch (error) {
    return error as CutawayError;
  }
  throw new Error("nothing was thrown");
};

describe("one body", () => {
  test("a request alone has no answer", () => {
    expect(callIn(request)).toMatchObject({
      format: "openai-chat",
      ending: "none",
      answers: [],
      model: { asked: "gpt-x" },
      request: { messages: [{ role: "user" }] },
    });
    expect(callIn({ model: "gpt-x", input: "Hi" })).toMatchObject({ format: "openai-responses", ending: "none" });
    expect(callIn({ model: "claude-x", max_tokens: 5, messages: [{ role: "user", content: "Hi" }] })).toMatchObject({
      format: "anthropic-messages",
      ending: "none",
    });
  });
  test("an answer alone has no request", () => {
    const call = callIn(JSON.stringify(answer, null, 2));
    expect(call).toMatchObject({ ending: "complete", model: { served: "gpt-x-2026" }, answers: [{ text: "Ho" }] });
    expect(call.request).toBe(undefined);
  });
  test("an error alone belongs to no format", () => {
    expect(callIn({ error: { message: "no", type: "invalid_request_error", param: "x", code: null } })).toMatchObject({
      ending: "complete",
      error: { kind: "invalid-request", param: "x" },
      answers: [],
    });
  });
  test("a stream's payloads in a list", () => {
    expect(callIn(responsesStream)).toMatchObject({ format: "openai-responses", ending: "complete" });
  });
});

describe("an exception of a Python SDK", () => {
  const repr = String.raw`{'object': 'error', 'message': "This model's limit is 4096 \u2013 caf\xe9 \U0001F600 \'x\' \\ \n", 'param': None, 'code': 400, 'list': [True, False, -1.5e3, {},], '__proto__': {'a': 1}}`;
  test("has the status and the body of the error", () => {
    const call = callIn(`Traceback (most recent call last):\n  File "x.py", line 3\nopenai.BadRequestError: Error code: 400 - ${repr}\n`);
    expect(call).toMatchObject({
      ending: "complete",
      response: { status: 400 },
      error: { kind: "invalid-request", status: 400, message: "This model's limit is 4096 – café 😀 'x' \\ \n" },
    });
    expect(call.error?.raw).toMatchObject({ param: null, list: [true, false, -1500, {}] });
    const anthropic = callIn(
      "anthropic.RateLimitError: Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'Too many'}}",
    );
    expect(anthropic.error).toMatchObject({ kind: "rate-limit", status: 429, message: "Too many" });
  });
  test("is refused where the literal is none", () => {
    for (const wrong of ["{'a': 1", "{'a' 1}", "{1: 2}", "{'a': undefined}", "{'a': 1.2.3}", "{'a': 'x}", "[1 2]", "[".repeat(600)]) {
      expect(failure(`Error code: 400 - ${wrong}`).code, wrong).toBe("invalid-python");
    }
    expect(failure("The error code: 400 - bad").code).toBe("unknown-input");
  });
});

describe("request and answer together", () => {
  const exchange = {
    method: "POST",
    url: "https://api.groq.com/openai/v1/chat/completions",
    headers: { authorization: "Bearer sk-secret" },
    body: JSON.stringify(request),
  };
  const reply = { status: 200, headers: { "x-request-id": "r1" }, body: JSON.stringify(answer) };
  test.each([
    ["bodies", { request, response: answer }],
    ["wrapped", { request: exchange, response: reply }],
    ["a cassette", { interactions: [{ request: { ...exchange, uri: exchange.url }, response: { ...reply, status: { code: 200 } } }] }],
    ["req and res", { req: exchange, res: reply }],
    ["requestBody and responseBody", { requestBody: request, responseBody: answer }],
    ["JSON inside", { request: { ...exchange, body: request }, response: { ...reply, body: answer } }],
    ["base64", { request: exchange, response: { ...reply, body: { base64: Buffer.from(JSON.stringify(answer)).toString("base64") } } }],
    [
      "an event stream as text",
      { request: exchange, response: { ...reply, body: new TextDecoder().decode(encodeAnswer(callIn(answer), { stream: true })) } },
    ],
  ])("%s", (_, pair) => {
    const call = callIn(pair);
    expect(call).toMatchObject({
      format: "openai-chat",
      ending: "complete",
      model: { asked: "gpt-x", served: "gpt-x-2026" },
      answers: [{ text: "Ho" }],
    });
    expect(JSON.stringify(call)).not.toContain("secret");
  });
  test("URL and headers may stand beside the request", () => {
    const { body: _, ...beside } = exchange;
    const call = callIn({ ...beside, headers: { "user-agent": "me/1" }, request, response: answer });
    expect(call).toMatchObject({ model: { provider: "groq" }, request: { url: exchange.url, headers: { "user-agent": "me/1" } } });
  });
  test("the URL tells the provider", () => {
    expect(callIn({ request: exchange, response: reply })).toMatchObject({
      model: { provider: "groq" },
      response: { status: 200, requestId: "r1" },
      request: { url: exchange.url },
    });
  });
  test("gzip that the recording kept is undone", async () => {
    const { gzipSync } = await import("node:zlib");
    expect(
      callIn({
        request: exchange,
        response: { ...reply, headers: { "content-encoding": "gzip" }, body: { base64: gzipSync(JSON.stringify(answer)).toString("base64") } },
      }),
    ).toMatchObject({ answers: [{ text: "Ho" }] });
  });
  test("no answer, and an empty one", () => {
    expect(callIn({ request: exchange, response: { status: null, headers: {}, body: null } }).ending).toBe("none");
    expect(callIn({ request: exchange, response: { status: 200, headers: {}, body: "" } })).toMatchObject({
      ending: "cut",
      notices: [{ code: "empty-body" }],
    });
  });
  test("an answer that is no JSON is told, not invented", () => {
    expect(callIn({ request: exchange, response: { ...reply, body: '{"id":"c1","choices":[' } })).toMatchObject({
      ending: "cut",
      notices: [{ code: "malformed-body" }],
    });
  });
  test("batch lines of both vendors", () => {
    expect(
      items(
        lines(
          { custom_id: "1", method: "POST", url: "/v1/chat/completions", body: request },
          { id: "b", custom_id: "1", response: { status_code: 200, request_id: "r", body: answer }, error: null },
        ),
      ).map((item) => item.kind === "call" && fold(item.events).ending),
    ).toEqual(["none", "complete"]);
    expect(
      callIn({
        custom_id: "1",
        result: {
          type: "succeeded",
          message: { id: "m", type: "message", role: "assistant", model: "c", content: [{ type: "text", text: "Ho" }], stop_reason: "end_turn" },
        },
      }),
    ).toMatchObject({ format: "anthropic-messages", answers: [{ text: "Ho" }] });
  });
});

describe("cURL", () => {
  const body = JSON.stringify(request);
  test.each([
    [
      "single quotes and continuations",
      `curl https://api.openai.com/v1/chat/completions \\\n  -H 'Content-Type: application/json' \\\n  -H "Authorization: Bearer sk-secret" \\\n  -d '${body}'`,
    ],
    ["double quotes", `curl -X POST "https://api.openai.com/v1/chat/completions" --data "${body.replaceAll('"', '\\"')}"`],
    ["--data-raw and $'…'", `$ curl 'https://api.openai.com/v1/chat/completions' --compressed --data-raw $'${body}'`],
    [
      "--json and options with values",
      `curl -sS -u me:sk-secret -o out.json --max-time 30 --json '${body}' --url https://api.openai.com/v1/chat/completions`,
    ],
    ["attached values", `curl -XPOST -HAuthorization:sk-secret --data=${JSON.stringify(body)} https://api.openai.com/v1/chat/completions | jq .`],
    ["cmd and CRLF", `curl https://api.openai.com/v1/chat/completions ^\r\n -d '${body}'`],
  ])("%s", (_, command) => {
    const call = callIn(command);
    expect(call).toMatchObject({
      format: "openai-chat",
      ending: "none",
      model: { provider: "openai", asked: "gpt-x" },
      request: { url: "https://api.openai.com/v1/chat/completions" },
    });
    expect(call.request?.body).toEqual(request);
    expect(JSON.stringify(call)).not.toContain("secret");
  });
  test.each([
    ["curl https://host.test/v1/chat/completions -d @body.json", "curl-data-file"],
    ["curl https://host.test/v1/models", "curl-no-body"],
    ["curl -d '{}'", "curl-no-url"],
    ['curl https://host.test -d \'{"a":', "curl-quote"],
    ["curl https://host.test -F file=@x", "curl-form"],
  ])("%s is refused: %s", (command, code) => {
    expect(failure(command).code).toBe(code);
  });
});

test("HAR: base64, event streams, times; what is no call of a model is passed over", () => {
  const entry = (url: string, text: string | undefined, content: object, more: object = {}) => ({
    startedDateTime: "2026-11-22T10:00:00.000Z",
    time: 130,
    request: {
      method: "POST",
      url,
      headers: [{ name: "Authorization", value: "Bearer sk-secret" }],
      ...(text && { postData: { mimeType: "application/json", text } }),
    },
    response: { status: 200, headers: [{ name: "Content-Type", value: "application/json" }], content },
    timings: { blocked: 1, dns: 2, connect: 10, ssl: 5, send: 1, wait: 50, receive: 66 },
    ...more,
  });
  const har = {
    log: {
      version: "1.2",
      entries: [
        entry("https://example.test/app.js", undefined, { text: "let x" }),
        entry("https://api.openai.com/v1/chat/completions?api_key=secret", JSON.stringify(request), {
          text: Buffer.from(JSON.stringify(answer)).toString("base64"),
          encoding: "base64",
        }),
        entry("https://api.anthropic.com/v1/messages", JSON.stringify({ model: "claude-x", max_tokens: 5, messages: [] }), {
          text: sse(messagesStream, { named: true }),
        }),
        entry("https://api.cohere.com/v2/chat", "{}", { text: "{}" }),
      ],
    },
  };
  const found = items(JSON.stringify(har));
  expect(found.map((item) => (item.kind === "call" ? item.from : item.name))).toEqual(["input#2", "input#3", "cohere-chat"]);
  const [first, second] = found.map((item) => (item.kind === "call" ? fold(item.events) : undefined));
  expect(first).toMatchObject({
    ending: "complete",
    answers: [{ text: "Ho" }],
    instants: { issued: Date.parse("2026-11-22T10:00:00Z"), connected: 13, headers: 64, closed: 130 },
  });
  expect(second).toMatchObject({ format: "anthropic-messages", ending: "complete", model: { provider: "anthropic" } });
  expect(JSON.stringify([first, second])).not.toContain("secret");
});

describe("many in one file", () => {
  test("JSONL of mixed things: a bad line is reported with its number and loses nothing else", () => {
    const text = `${JSON.stringify({ request, response: answer })}\n\n{"model": "gpt-x", oops}\n${JSON.stringify(request)}\n${JSON.stringify({ candidates: [] })}\n${JSON.stringify({ what: 1 })}\n`;
    expect(items(text, "log.jsonl").map((item) => [item.kind === "call" ? "call" : item.name, item.from])).toEqual([
      ["call", "log.jsonl:1"],
      ["invalid-json", "log.jsonl:3"],
      ["call", "log.jsonl:4"],
      ["gemini-generate-content", "log.jsonl:5"],
      ["unknown-json", "log.jsonl:6"],
    ]);
    expect(items(text)[1]).toMatchObject({ says: expect.stringMatching(/^Line 3 is not valid JSON: column 20, at \$\.model/) });
  });
  test("streams one after the other are calls of their own", () => {
    const text = lines(...messagesStream, ...messagesStream, ...responsesStream);
    expect(items(text).map((item) => item.kind === "call" && [item.from, fold(item.events).ending, fold(item.events).format])).toEqual([
      ["input", "complete", "anthropic-messages"],
      ["input:17", "complete", "anthropic-messages"],
      ["input:33", "complete", "openai-responses"],
    ]);
  });
  test("a bad line inside a stream is the stream's, at its start and at its end too", () => {
    const [start = "", ...more] = lines(...responsesStream)
      .trim()
      .split("\n");
    const broken = callIn([start.slice(0, -1), ...more].join("\n"));
    expect(broken).toMatchObject({
      format: "openai-responses",
      ending: "complete",
      notices: [{ code: "malformed-event" }],
      answers: [{ text: "Grüße 🌍" }],
    });
    expect(callIn([start, ...more].join("\n").slice(0, -1))).toMatchObject({ ending: "cut" });
  });
  test("calls are built one at a time", () => {
    const generator = readInput(bytesOf(lines(request, request)), "input");
    expect(generator.next().value).toMatchObject({ kind: "call", from: "input:1" });
    expect(generator.next().value).toMatchObject({ kind: "call", from: "input:2" });
    expect(generator.next().done).toBe(true);
  });
});

test("a stored call and a case file come back as the same call, with their bodies", () => {
  const [item] = items({
    request: { url: "https://api.openai.com/v1/chat/completions?key=secret", body: request },
    response: { status: 200, headers: { date: "x" }, body: sse(chatStream, { done: true }) },
  });
  if (item?.kind !== "call") throw new Error("no call");
  const call = fold(item.events);
  const [back] = items(toCaseFile(call, item.bodies));
  if (back?.kind !== "call") throw new Error("no call");
  expect(fold(back.events)).toEqual(call);
  expect(back).toMatchObject({ id: call.id, bodies: item.bodies });
  expect(JSON.stringify(toCaseFile(call, item.bodies))).not.toContain("key=secret");
  const binary = Uint8Array.of(0xff, 0x00, 0x80);
  const [third] = items(toCaseFile({ ...call, id: newCallId(1, () => 0) }, { response: binary }));
  expect(third?.kind === "call" && third.bodies.response).toEqual(binary);
});

describe("what is no call", () => {
  test("a store is opened where it lies: the fix names what there is", () => {
    const { fix } = failure(new TextEncoder().encode("SQLite format 3\0"));
    expect(fix).toContain("CUTAWAY_DIR");
    expect(fix).not.toContain("--store");
  });

  test.each([
    ["", "empty-input"],
    ["\uFEFF \n\t", "empty-input"],
    ["hello", "unknown-input"],
  ])("%j is refused: %s", (text, code) => {
    expect(failure(text).code).toBe(code);
  });
  test.each([
    [Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/],
    [Uint8Array.of(0x50, 0x4b, 3, 4), /zip/],
    [Uint8Array.of(1, 2, 3, 0, 0, 0, 7), /binary/],
  ])("%j", (bytes, says) => {
    expect(failure(bytes)).toMatchObject({ code: "binary-input", message: expect.stringMatching(says) });
  });
  test.each([
    ['{\n  "choices": [\n    {"message": {"content": "a', true, 3, "$.choices[0].message.content"],
    ['{"a": [1, 2,, 3]}', false, 1, "$.a[2]"],
    ['{"a": 1,}', false, 1, "$.a"],
    ['{"a" 1}', false, 1, "$.a"],
    ["{'a': 1}", false, 1, "$"],
    ['{"a": tru', true, 1, "$.a"],
    ['{"a": truth}', false, 1, "$.a"],
    ['{"a": "x\ny"}', false, 1, "$.a"],
    ['{"a": 1} trailing', false, 1, "$"],
    ['{"a b": {"c": nope}}', false, 1, '$["a b"].c'],
    ['{"a": "\\u00', true, 1, "$.a"],
  ])("%j says where it broke", (text, cutOff, line, path) => {
    expect(failure(text)).toMatchObject({ code: "invalid-json", data: { cutOff, line, path } });
  });
  test("a hundred thousand brackets overflow nothing", () => {
    expect(failure("[".repeat(100_000)).code).toBe("json-too-deep");
    expect(failure('{"a":'.repeat(100_000)).code).toBe("json-too-deep");
    const deep = JSON.stringify(request).replace('"Hi"', "[".repeat(100_000) + "]".repeat(100_000));
    expect(failure(deep).code).toBe("json-too-deep");
    expect(callIn(`data: ${deep}\n\n`).ending).toBe("cut");
  });
  test("UTF-16 with and without a mark is read", () => {
    const text = JSON.stringify(answer);
    const little = new Uint8Array(new Uint16Array([...text].map((character) => character.charCodeAt(0))).buffer);
    expect(callIn(Uint8Array.of(0xff, 0xfe, ...little))).toEqual(callIn(answer));
    expect(callIn(little)).toEqual(callIn(answer));
    expect(callIn(Uint8Array.of(0xef, 0xbb, 0xbf, ...bytesOf(text)))).toEqual(callIn(answer));
  });
  test("a key named __proto__ changes no prototype", () => {
    callIn('{"model":"m","messages":[{"role":"user","content":"x","__proto__":{"polluted":1}}],"__proto__":{"polluted":1}}');
    expect(({} as { polluted?: number }).polluted).toBe(undefined);
  });
});

test.each([
  [{ candidates: [{ content: { parts: [] } }] }, "gemini-generate-content"],
  [[{ candidates: [] }], "gemini-generate-content"],
  [{ contents: [{ parts: [{ text: "x" }] }] }, "gemini-generate-content"],
  [{ output: { message: { role: "assistant", content: [] } }, stopReason: "end_turn" }, "bedrock-converse"],
  [{ messages: [{ role: "user", content: [{ text: "x" }] }], inferenceConfig: {} }, "bedrock-converse"],
  [{ id: "x", message: { role: "assistant", content: [] }, finish_reason: "COMPLETE", usage: {} }, "cohere-chat"],
  [{ model: "m", created_at: "x", message: { role: "assistant", content: "" }, done: true }, "ollama-chat"],
  [{ model: "m", response: "x", done: true }, "ollama-generate"],
  [{ id: "c", object: "text_completion", choices: [{ text: "x" }] }, "openai-completions"],
  [{ model: "m", prompt: "x" }, "openai-completions"],
  [{ object: "list", data: [{ object: "embedding", embedding: [0] }] }, "openai-embeddings"],
  [{ model: "text-embedding-3-small", input: "x" }, "openai-embeddings"],
  [{ created: 1, data: [{ b64_json: "AAAA" }] }, "openai-images"],
  [{ object: "list", data: [{ object: "model", id: "m" }] }, "openai-models"],
  [{ type: "completion", completion: "x", stop_reason: "stop_sequence" }, "anthropic-complete"],
  [{ resourceSpans: [] }, "otlp-traces"],
  [{ hello: "world" }, "unknown-json"],
  [[], "unknown-json"],
  ["text", "unknown-json"],
])("%j is named %s", (body, name) => {
  expect(items(JSON.stringify(body))).toEqual([expect.objectContaining({ kind: "unsupported", name })]);
});
