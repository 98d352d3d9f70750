import type { JsonObject, Parameters, Request, WireFormat } from "@cutaway/core";
import { codecs } from "@cutaway/provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deepEqual } from "../src/json/deep-equal.ts";
import { valueAt } from "../src/json/path.ts";

const chatBody: JsonObject = {
  model: "gpt-x",
  messages: [
    { role: "system", content: "Be short." },
    {
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "Look", cache_control: { type: "ephemeral" } },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } },
        { type: "new_kind", x: 1 },
      ],
    },
    {
      role: "assistant",
      content: null,
      reasoning_content: "hm",
      tool_calls: [{ id: "call_a", type: "function", function: { name: "weather", arguments: '{ "city": "Bern" }' }, extra: true }],
    },
    { role: "tool", tool_call_id: "call_a", content: "sunny" },
    { role: "assistant", content: "", refusal: "No.", audio: { id: "a1" } },
  ],
  tools: [{ type: "function", function: { name: "weather", description: "d", parameters: { type: "object" }, strict: true } }],
  temperature: 0,
  max_tokens: 50,
  stop: "END",
  stream: true,
  stream_options: { include_usage: true, include_obfuscation: false },
  response_format: { type: "json_schema", json_schema: { name: "n", schema: { type: "object" }, strict: true, description: "kept" } },
  logit_bias: { "50256": -100 },
  seed: null,
  reasoning_effort: "low",
  metadata: { a: 1 },
};

const responsesBody: JsonObject = {
  model: "gpt-x",
  instructions: "Be short.",
  input: [
    { role: "user", content: "Hi" },
    {
      type: "message",
      role: "user",
      content: [
        { type: "input_text", text: "Look" },
        { type: "input_image", image_url: "https://example.test/a.png", detail: "high" },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "hm" }], encrypted_content: "e" },
    { type: "function_call", id: "fc_1", call_id: "call_a", name: "weather", arguments: "{}" },
    { type: "function_call_output", call_id: "call_a", output: "sunny" },
    { type: "item_reference", id: "msg_1" },
  ],
  tools: [{ type: "function", name: "weather", parameters: { type: "object" }, strict: false }, { type: "web_search" }],
  include: ["message.output_text.logprobs", "reasoning.encrypted_content"],
  text: { format: { type: "json_schema", name: "n", schema: { type: "object" }, strict: true }, verbosity: "low" },
  reasoning: { effort: "high", summary: "auto" },
  max_output_tokens: 100,
  store: false,
  previous_response_id: "resp_0",
};

const messagesBody: JsonObject = {
  model: "claude-x",
  max_tokens: 100,
  system: [{ type: "text", text: "Be short.", cache_control: { type: "ephemeral", ttl: "1h" } }],
  messages: [
    { role: "user", content: "Hi" },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Bern" } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_1",
          content: [
            { type: "text", text: "sunny" },
            { type: "text", text: "warm" },
          ],
          is_error: false,
        },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      ],
    },
  ],
  tools: [
    { name: "weather", input_schema: { type: "object" } },
    { type: "web_search_20250305", name: "web_search", max_uses: 2 },
  ],
  tool_choice: { type: "auto", disable_parallel_tool_use: true },
  thinking: { type: "enabled", budget_tokens: 1024 },
  output_config: { effort: "low" },
  metadata: { user_id: "u1" },
  stop_sequences: ["END"],
  service_tier: "auto",
  container: "c1",
};

const bodies: { format: WireFormat; body: JsonObject }[] = [
  { format: "openai-chat", body: chatBody },
  { format: "openai-responses", body: responsesBody },
  { format: "anthropic-messages", body: messagesBody },
];

test("chat completions: messages, parameters and what is not understood", () => {
  const request = codecs["openai-chat"].decodeRequest(chatBody);
  expect(request.messages.map((message) => [message.role, message.at, message.parts.map((part) => part.type)])).toEqual([
    ["system", "messages[0]", ["text"]],
    ["user", "messages[1]", ["text", "media", "other"]],
    ["assistant", "messages[2]", ["reasoning", "tool-call"]],
    ["tool", "messages[3]", ["tool-result"]],
    ["assistant", "messages[4]", ["text", "refusal"]],
  ]);
  expect(request.messages[1]?.parts).toEqual([
    { type: "text", text: "Look", at: "messages[1].content[0].text", cacheBreakpoint: {} },
    { type: "media", media: "image", mediaType: "image/png", bytes: 3, detail: "low", at: "messages[1].content[1]" },
    { type: "other", name: "new_kind", json: { type: "new_kind", x: 1 }, at: "messages[1].content[2]" },
  ]);
  expect(request.parameters).toEqual({
    temperature: 0,
    maxOutputTokens: 50,
    stop: ["END"],
    logitBias: { "50256": -100 },
    stream: true,
    streamUsage: true,
    responseFormat: { type: "json-schema", name: "n", schema: { type: "object" }, strict: true },
    reasoning: { effort: "low" },
  });
  expect(request.notUnderstood).toEqual(["stream_options.include_obfuscation", "metadata", "messages[4].audio"]);
});

test("Responses: input items, parameters and what is not understood", () => {
  const request = codecs["openai-responses"].decodeRequest(responsesBody);
  expect(request.messages.map((message) => [message.role, message.at, message.parts.map((part) => [part.type, part.at])])).toEqual([
    ["system", "instructions", [["text", "instructions"]]],
    ["user", "input[0]", [["text", "input[0].content"]]],
    [
      "user",
      "input[1]",
      [
        ["text", "input[1].content[0].text"],
        ["media", "input[1].content[1]"],
      ],
    ],
    ["assistant", "input[2]", [["reasoning", "input[2].summary[0].text"]]],
    ["assistant", "input[3]", [["tool-call", "input[3]"]]],
    ["tool", "input[4]", [["tool-result", "input[4].output"]]],
    ["assistant", "input[5]", [["other", "input[5]"]]],
  ]);
  expect(request.parameters).toEqual({
    maxOutputTokens: 100,
    logprobs: true,
    responseFormat: { type: "json-schema", name: "n", schema: { type: "object" }, strict: true },
    verbosity: "low",
    reasoning: { effort: "high" },
  });
  expect(request.notUnderstood).toEqual(["include", "reasoning.summary", "store", "previous_response_id"]);
});

test("Anthropic Messages: system, blocks, parameters and what is not understood", () => {
  const request = codecs["anthropic-messages"].decodeRequest(messagesBody);
  expect(request.messages.map((message) => [message.role, message.at, message.parts.map((part) => [part.type, part.at])])).toEqual([
    ["system", "system", [["text", "system[0].text"]]],
    ["user", "messages[0]", [["text", "messages[0].content"]]],
    [
      "assistant",
      "messages[1]",
      [
        ["reasoning", "messages[1].content[0].thinking"],
        ["tool-call", "messages[1].content[1]"],
      ],
    ],
    [
      "user",
      "messages[2]",
      [
        ["tool-result", "messages[2].content[0].content[0].text"],
        ["tool-result", "messages[2].content[0].content[1].text"],
        ["media", "messages[2].content[1]"],
      ],
    ],
  ]);
  expect(request.messages[0]?.parts[0]?.cacheBreakpoint).toEqual({ ttl: "1h" });
  expect(request.parameters).toEqual({
    maxOutputTokens: 100,
    stop: ["END"],
    toolChoice: { type: "auto", disable_parallel_tool_use: true },
    parallelToolCalls: false,
    reasoning: { effort: "low", budgetTokens: 1024, mode: "enabled" },
    serviceTier: "auto",
    user: "u1",
  });
  expect(request.notUnderstood).toEqual(["container"]);
});

describe.each(bodies)("$format", ({ format, body }) => {
  const codec = codecs[format];
  const request = codec.decodeRequest(body);

  test("an unchanged request is the body as it came", () => {
    expect(codec.encodeRequest(request)).toEqual(body);
  });

  test("every text part stands where its path says", () => {
    for (const part of request.messages.flatMap((message) => message.parts)) if ("text" in part) expect(valueAt(body, part.at)).toBe(part.text);
  });

  test("a changed wording is written in its place and touches nothing else", () => {
    for (const [i, message] of request.messages.entries()) {
      for (const [j, part] of message.parts.entries()) {
        if (!("text" in part)) continue;
        const changed = withPart(request, i, j, { ...part, text: "changed" });
        const encoded = codec.encodeRequest(changed);
        expect(valueAt(encoded, part.at)).toBe("changed");
        expect(differences(body, encoded)).toEqual([part.at]);
        expect(deepEqual(codec.decodeRequest(encoded).messages, changed.messages)).toBe(true);
      }
    }
  });

  test("a removed and an added message leave the others as they came", () => {
    const added = { role: "user" as const, parts: [{ type: "text" as const, text: "More", at: "new" }], at: "new" };
    const encoded = codec.encodeRequest({ ...request, messages: [...request.messages.slice(0, -1), added] });
    const list = (encoded.messages ?? encoded.input) as JsonObject[];
    const before = (body.messages ?? body.input) as JsonObject[];
    expect(list).toEqual([...before.slice(0, -1), { role: "user", content: "More" }]);
  });

  test("tools are kept, changed, added and removed", () => {
    const [first] = request.tools;
    if (!first) throw new Error("no tool");
    const changed = { ...first, description: "other words" };
    const added = { name: "extra", schema: { type: "object" }, json: null, at: "new" };
    const encoded = codec.encodeRequest({ ...request, tools: [changed, ...request.tools.slice(1), added] });
    const tools = codec.decodeRequest(encoded).tools;
    expect(tools.map((tool) => [tool.name, tool.description])).toEqual([
      [first.name, "other words"],
      ...request.tools.slice(1).map((tool) => [tool.name, tool.description]),
      ["extra", undefined],
    ]);
    expect("tools" in codec.encodeRequest({ ...request, tools: [] })).toBe(false);
  });

  test("a request that was never on a wire is written and read back", () => {
    const made: Request = {
      format,
      model: "m",
      messages: [
        { role: "system", parts: [{ type: "text", text: "S", at: "a" }], at: "a" },
        { role: "user", parts: [{ type: "text", text: "U", at: "b" }], at: "b" },
        { role: "assistant", parts: [{ type: "tool-call", id: "t1", name: "f", arguments: '{"x":1}', at: "c" }], at: "c" },
        { role: "tool", parts: [{ type: "tool-result", id: "t1", text: "R", at: "d" }], at: "d" },
      ],
      tools: [{ name: "f", description: "d", schema: { type: "object" }, json: null, at: "e" }],
      parameters: { temperature: 0.5, maxOutputTokens: 9, stream: true },
      notUnderstood: [],
    };
    const back = codec.decodeRequest(codec.encodeRequest(made));
    const bare = (of: Request) => of.messages.flatMap((message) => message.parts.map(({ at: _, ...part }) => part));
    expect(bare(back)).toEqual(bare(made));
    expect(back.parameters).toEqual(made.parameters);
    expect(back.tools[0]).toMatchObject({ name: "f", description: "d", schema: { type: "object" } });
    expect(back.model).toBe("m");
  });

  test("any change of parameters is read back as it was set, and unsetting all of them too", () => {
    fc.assert(
      fc.property(parametersOf(format), fc.array(fc.constantFrom(...(Object.keys(allParameters) as (keyof Parameters)[]))), (set, unset) => {
        const parameters: Parameters = { ...request.parameters, ...set };
        for (const name of unset) delete parameters[name];
        if (format === "anthropic-messages") settleToolChoice(parameters);
        const encoded = codec.encodeRequest({ ...request, parameters });
        expect(codec.decodeRequest(encoded).parameters).toEqual(parameters);
        expect(codec.decodeRequest(encoded).messages).toEqual(request.messages);
        const back = codec.encodeRequest({ ...codec.decodeRequest(encoded), parameters: request.parameters });
        expect(codec.decodeRequest(back).parameters).toEqual(request.parameters);
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON body survives", () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom("messages", "input", "system", "tools", "temperature", "stop", "stream_options", "thinking", "x", "__proto__"),
          fc.jsonValue(),
        ),
        (odd) => {
          const plain = JSON.parse(JSON.stringify(odd)) as JsonObject;
          expect(codec.encodeRequest(codec.decodeRequest(plain))).toEqual(plain);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const withPart = (request: Request, i: number, j: number, part: Request["messages"][number]["parts"][number]): Request => ({
  ...request,
  messages: request.messages.map((message, k) => (k === i ? { ...message, parts: message.parts.map((old, l) => (l === j ? part : old)) } : message)),
});

/** Paths at which two JSON values differ. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (deepEqual(a, b)) return [];
  const keys =
    typeof a === "object" && typeof b === "object" && a !== null && b !== null ? new Set([...Object.keys(a), ...Object.keys(b)]) : undefined;
  if (!keys) return [path];
  return [...keys].flatMap((key) =>
    differences((a as JsonObject)[key], (b as JsonObject)[key], Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
  );
}

const allParameters: { [name in keyof Parameters]-?: fc.Arbitrary<NonNullable<Parameters[name]>> } = {
  temperature: fc.constantFrom(0, 0.3, 2),
  topP: fc.constantFrom(0.1, 1),
  topK: fc.constantFrom(1, 50),
  minP: fc.constantFrom(0.05),
  maxOutputTokens: fc.nat(1000),
  stop: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
  seed: fc.nat(),
  frequencyPenalty: fc.constantFrom(-1, 0.5),
  presencePenalty: fc.constantFrom(-1, 0.5),
  repetitionPenalty: fc.constantFrom(1.1),
  logitBias: fc.dictionary(fc.constantFrom("1", "2"), fc.constantFrom(-100, 5)),
  typicalP: fc.constantFrom(0.5, 2),
  topNSigma: fc.constantFrom(0.5, 2),
  topH: fc.constantFrom(0.4),
  epsilonCutoff: fc.constantFrom(0.5, 2),
  etaCutoff: fc.constantFrom(0.5, 2),
  noRepeatNgramSize: fc.constantFrom(0, 3),
  dryMultiplier: fc.constantFrom(0.5, 2),
  dryBase: fc.constantFrom(0.5, 2),
  dryAllowedLength: fc.constantFrom(0.5, 2),
  dryPenaltyLastN: fc.constantFrom(-1, 64),
  drySequenceBreakers: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
  xtcProbability: fc.constantFrom(0.5, 2),
  xtcThreshold: fc.constantFrom(0.5, 2),
  mirostat: fc.constantFrom(0, 2),
  mirostatTau: fc.constantFrom(0.5, 2),
  mirostatEta: fc.constantFrom(0.5, 2),
  logprobs: fc.constant(true),
  topLogprobs: fc.nat(20),
  n: fc.constantFrom(1, 3),
  stream: fc.boolean(),
  streamUsage: fc.boolean(),
  responseFormat: fc.constantFrom<NonNullable<Parameters["responseFormat"]>>({ type: "json-schema", schema: { type: "array" } }),
  toolChoice: fc.constantFrom<NonNullable<Parameters["toolChoice"]>>({ type: "any" }, { type: "tool", name: "weather" }),
  parallelToolCalls: fc.boolean(),
  reasoning: fc.constantFrom({ effort: "high" }, { effort: "low" }),
  verbosity: fc.constant("high"),
  serviceTier: fc.constant("flex"),
  truncation: fc.constant("auto"),
  promptCacheKey: fc.constant("k"),
  user: fc.constant("u2"),
};

/** What only samplers that are our own to run have. */
const ofSamplers: (keyof Parameters)[] = [
  "typicalP",
  "topNSigma",
  "topH",
  "epsilonCutoff",
  "etaCutoff",
  "noRepeatNgramSize",
  "dryMultiplier",
  "dryBase",
  "dryAllowedLength",
  "dryPenaltyLastN",
  "drySequenceBreakers",
  "xtcProbability",
  "xtcThreshold",
  "mirostat",
  "mirostatTau",
  "mirostatEta",
];

const notIn: Record<WireFormat, (keyof Parameters)[]> = {
  "openai-chat": ["truncation", "topH"],
  "openai-responses": [
    "topK",
    "minP",
    "stop",
    "seed",
    "frequencyPenalty",
    "presencePenalty",
    "repetitionPenalty",
    "logitBias",
    "n",
    "streamUsage",
    ...ofSamplers,
  ],
  "anthropic-messages": [
    "minP",
    "seed",
    "frequencyPenalty",
    "presencePenalty",
    "repetitionPenalty",
    "logitBias",
    "logprobs",
    "topLogprobs",
    "n",
    "streamUsage",
    "verbosity",
    "truncation",
    "promptCacheKey",
    ...ofSamplers,
  ],
};

function parametersOf(format: WireFormat): fc.Arbitrary<Parameters> {
  const entries = Object.entries(allParameters).filter(([name]) => !notIn[format].includes(name as keyof Parameters));
  return fc.record(Object.fromEntries(entries), { requiredKeys: [] }) as fc.Arbitrary<Parameters>;
}

/** Anthropic keeps parallel calls inside `tool_choice`: the two must agree to be read back as they were set. */
function settleToolChoice(parameters: Parameters): void {
  const { disable_parallel_tool_use: _, ...choice } = (parameters.toolChoice as JsonObject | undefined) ?? { type: "auto" };
  if (parameters.parallelToolCalls !== undefined) parameters.toolChoice = { ...choice, disable_parallel_tool_use: !parameters.parallelToolCalls };
  else if (parameters.toolChoice !== undefined) parameters.toolChoice = choice;
}

test.each(bodies.flatMap(({ format, body }) => notIn[format].map((name) => ({ format, body, name }))))(
  "$format refuses $name",
  ({ format, body, name }) => {
    const [value] = fc.sample(allParameters[name] as fc.Arbitrary<unknown>, 1);
    const request = codecs[format].decodeRequest(body);
    expect(() => codecs[format].encodeRequest({ ...request, parameters: { ...request.parameters, [name]: value } })).toThrow(
      expect.objectContaining({ code: "parameter-not-supported", data: expect.objectContaining({ parameter: name }) }),
    );
  },
);

test.each([
  [
    { model: "m", messages: [], max_tokens: 5 },
    { model: "m", messages: [], max_tokens: 9 },
  ],
  [
    { model: "m", messages: [], max_completion_tokens: 5 },
    { model: "m", messages: [], max_completion_tokens: 9 },
  ],
  [
    { model: "m", messages: [] },
    { model: "m", messages: [], max_completion_tokens: 9 },
  ],
])("the cap keeps the name the body uses", (body, expected) => {
  const request = codecs["openai-chat"].decodeRequest(body);
  expect(codecs["openai-chat"].encodeRequest({ ...request, parameters: { ...request.parameters, maxOutputTokens: 9 } })).toEqual(expected);
});
