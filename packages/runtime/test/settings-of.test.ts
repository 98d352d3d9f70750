import type { LocalOptions, Parameters, Request } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { settingsOf } from "../src/settings-of.ts";
import { ask, endId, scripted } from "./scripted.ts";

const { info } = scripted(() => endId, { capacity: 1000 });
const refusal = (change: Partial<Request>): unknown => {
  try {
    settingsOf({ ...ask("?"), ...change }, info);
    return "taken";
  } catch (error) {
    const { code, data } = error as { code: string; data: object };
    return { code, ...data };
  }
};
const ofParameters = (parameters: object) => refusal({ parameters: parameters as Parameters });
const ofLocal = (local: object) => refusal({ local: local as LocalOptions });

test("what a plain request asks for", () => {
  expect(settingsOf(ask("?"), info)).toEqual({ contextSize: 1000, stop: [], depth: 10, answers: 1 });
});

describe("what a local model would have to ignore is refused by name", () => {
  test.each<object>([
    { logprobs: false },
    { stream: false },
    { streamUsage: false },
    { responseFormat: { type: "xml" } },
    { responseFormat: null },
    { toolChoice: "auto" },
    { parallelToolCalls: false },
    { reasoning: { effort: "low" } },
    { verbosity: "low" },
    { serviceTier: "flex" },
    { truncation: "auto" },
    { promptCacheKey: "a" },
    { user: "me" },
    { bestOf: 2 },
    { constructor: 1 },
  ])("%j", (parameters) => {
    const [name] = Object.keys(parameters);
    expect(ofParameters(parameters)).toEqual({ code: "unsupported-parameter", parameters: [expect.stringMatching(`^${name}`)] });
  });

  test("all of it at once, wherever it stands", () => {
    const messages: Request["messages"] = [
      {
        role: "user",
        name: "ann",
        at: "messages[0]",
        parts: [
          { type: "media", media: "image", at: "messages[0].parts[0]" },
          { type: "text", text: "?", at: "messages[0].parts[1].text", cacheBreakpoint: {} },
        ],
      },
    ];
    expect(
      refusal({
        messages,
        tools: [{ name: "f", json: {}, at: "tools[0]" }],
        parameters: { verbosity: "low" },
        local: { mmap: true, raw: true } as LocalOptions,
      }),
    ).toEqual({
      code: "unsupported-parameter",
      parameters: [
        "verbosity",
        "local.mmap",
        "tools without a chat template",
        "messages[0].name",
        "messages[0].parts[0] (media)",
        "messages[0].parts[1].text.cacheBreakpoint",
      ],
    });
  });

  test("what a prompt of token ids leaves no place for", () => {
    expect(refusal({ messages: [], local: { tokens: [1, 2] } })).toBe("taken");
    expect(refusal({ local: { tokens: [1], raw: true, bos: "always", template: "x", parseSpecial: true } })).toEqual({
      code: "unsupported-parameter",
      parameters: [
        "local.template beside local.raw",
        "local.template beside local.tokens",
        "local.raw beside local.tokens",
        "local.bos beside local.tokens",
        "local.parseSpecial beside local.tokens",
        "messages beside local.tokens",
      ],
    });
    expect(refusal({ messages: [], tools: [{ name: "f", json: {}, at: "tools[0]" }], local: { tokens: [1] } })).toMatchObject({
      parameters: ["tools without a chat template"],
    });
  });

  test("a template beside raw text", () => {
    expect(ofLocal({ raw: true, template: "x" })).toMatchObject({ code: "unsupported-parameter" });
  });

  test("the message stays short, however much is wrong", () => {
    const parameters = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, 1]));
    expect(() => settingsOf({ ...ask("?"), parameters }, info)).toThrow(/p9, … \(5000 in all\)$/);
  });

  test("a request that is not for a local model", () => {
    expect(refusal({ format: "openai-chat" })).toMatchObject({ code: "not-a-local-request" });
  });
});

test.each<object>([
  { n: 1 },
  { n: 128 },
  { stream: true, streamUsage: true, logprobs: true, responseFormat: { type: "text" } },
  { responseFormat: { type: "json" } },
  { responseFormat: { type: "json-schema", schema: {} } },
  { frequencyPenalty: 0, presencePenalty: 0, user: undefined },
])("what says what happens anyway is taken: %j", (parameters) => {
  expect(ofParameters(parameters)).toBe("taken");
});

describe("values out of range", () => {
  test.each<object>([
    { maxOutputTokens: 0 },
    { n: 0 },
    { n: 129 },
    { n: "2" },
    { maxOutputTokens: 1.5 },
    { maxOutputTokens: Number.NaN },
    { maxOutputTokens: "5" },
    { topLogprobs: -1 },
    { topLogprobs: 101 },
    { seed: 0.5 },
    { seed: 2 ** 60 },
    { stop: "text" },
    { stop: [""] },
    { stop: ["x".repeat(1025)] },
    { stop: Array(65).fill("x") },
    { stop: [5] },
  ])("%j", (parameters) => {
    expect(ofParameters(parameters)).toEqual({ code: "invalid-parameter", parameter: Object.keys(parameters)[0] });
  });

  test.each<object>([
    { contextSize: 15 },
    { contextSize: 1001 },
    { contextSize: 20.5 },
    { overflow: "drop" },
    { bos: "maybe" },
    { template: 5 },
    { prefill: [] },
    { raw: "yes" },
    { parseSpecial: 1 },
    { samplerOrder: "top_k" },
  ])("local %j", (local) => {
    expect(ofLocal(local)).toEqual({ code: "invalid-parameter", parameter: `local.${Object.keys(local)[0]}` });
  });

  test.each<unknown>([[], "1", [1, 258], [-1], [0.5]])("tokens %j", (tokens) => {
    expect(refusal({ messages: [], local: { tokens } as LocalOptions })).toEqual({ code: "invalid-parameter", parameter: "local.tokens" });
  });
});
