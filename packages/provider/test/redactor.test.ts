import { type CallEvent, type CallId, foldCall } from "@cutaway/core";
import { expect, test } from "vitest";
import { credentialsOf, environmentKeys, readInput, redactor } from "../src/index.ts";

const key = "sk-test-0123456789abcdef";
const stars = "*".repeat(key.length);
const seed = { id: "01K0000000000000000000TEST" as CallId, origin: { kind: "file" as const } };

test("credentials are found wherever clients put them", () => {
  expect(credentialsOf({ authorization: `Bearer ${key}` }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "x-api-key": key }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "api-key": key }, "/v1/x")).toContain(key);
  expect(credentialsOf({ "proxy-authorization": `Basic ${key}` }, "/v1/x")).toContain(key);
  expect(credentialsOf({}, `/v1/x?key=${key}&api-version=2024-10-21`)).toEqual([key]);
});

test("a key is blanked out of bytes, every time it occurs, and other bytes are not touched or copied", () => {
  const redact = redactor([key]).bytes;
  const plain = new TextEncoder().encode("nothing here");
  expect(redact(plain)).toBe(plain);
  expect(new TextDecoder().decode(redact(new TextEncoder().encode(`a ${key} b ${key}`)))).toBe(
    `a ${"*".repeat(key.length)} b ${"*".repeat(key.length)}`,
  );
});

test("a key that came in pieces of a stream is taken out of the call, and with it the steps that spell it", () => {
  const pieces = key.match(/.{1,4}/g) ?? [];
  const events: CallEvent[] = [
    { type: "headers-received", response: { requestId: key, headers: { server: `x ${key}` } } },
    ...pieces.flatMap((text): CallEvent[] => [
      { type: "text-delta", answer: 0, text },
      { type: "token-step", answer: 0, step: { bytes: new TextEncoder().encode(text) } },
    ]),
    { type: "tool-call-delta", answer: 1, call: 0, arguments: `{"k":"${key}"}` },
    { type: "response-end" },
  ];
  const clean = redactor([key]).call(foldCall(events, seed));
  expect(JSON.stringify(clean)).not.toContain(key);
  expect(clean.answers[0]).toMatchObject({ text: stars });
  expect(clean.answers[0]?.steps).toBeUndefined();
  expect(clean.answers[1]?.toolCalls[0]?.arguments).toBe(`{"k":"${stars}"}`);
});

test("a call without a key is the same object", () => {
  const call = foldCall([{ type: "text-delta", answer: 0, text: "Hi." }, { type: "response-end" }], seed);
  expect(redactor([key]).call(call)).toBe(call);
  expect(redactor([]).call(call)).toBe(call);
  expect(redactor(["short"]).value("short")).toBe("short");
});

test("a recording whose server quotes the recorded key keeps neither", () => {
  const pair = {
    request: {
      url: "https://api.openai.com/v1/chat/completions",
      headers: { Authorization: `Bearer ${key}` },
      body: { model: "gpt-4o", messages: [] },
    },
    response: { status: 401, body: { error: { message: `Incorrect API key provided: ${key}.`, type: "invalid_request_error" } } },
  };
  const [item] = readInput(new TextEncoder().encode(JSON.stringify(pair)), "pair.json");
  if (item?.kind !== "call") throw new Error("not read as a call");
  const call = foldCall(item.events, seed);
  expect(call.error?.message).toBe(`Incorrect API key provided: ${stars}.`);
  expect(JSON.stringify(call)).not.toContain(key);
  expect(new TextDecoder().decode(item.bodies.response)).toContain(stars);
  expect(new TextDecoder().decode(item.bodies.response)).not.toContain(key);
});

test("the keys of live calls are those of the environment", () => {
  expect(environmentKeys({ OPENAI_API_KEY: ` ${key} `, ANTHROPIC_API_KEY: "b", PATH: "/bin" })).toEqual([key, "b"]);
});
