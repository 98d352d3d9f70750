import type { JsonObject } from "@cutaway/core";
import { codecs } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { bytesOf, callIn, sse } from "./support.ts";

const whole = (choice: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: "c1",
  object: "chat.completion",
  created: 1_750_000_000,
  model: "m-2026",
  choices: [{ index: 0, finish_reason: "stop", ...choice }],
  ...more,
});
const streamed = (...choices: JsonObject[]) =>
  sse(
    choices.map((choice) => ({ id: "c1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, ...choice }] })),
    { done: true },
  );
const answerOf = (input: JsonObject | string) => callIn(input).answers[0];

test("ids, model, fingerprint, tier and usage of a whole completion", () => {
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 64, audio_tokens: 3, cache_write_tokens: 8 },
    completion_tokens_details: { reasoning_tokens: 5, audio_tokens: 1, accepted_prediction_tokens: 2, rejected_prediction_tokens: 4 },
  };
  const call = callIn(whole({ message: { role: "assistant", content: "Hi" } }, { usage, system_fingerprint: "fp_1", service_tier: "flex" }));
  expect(call).toMatchObject({
    model: { served: "m-2026" },
    response: { id: "c1", created: 1_750_000_000, fingerprint: "fp_1", serviceTier: "flex" },
    ending: "complete",
  });
  expect(call.usage).toEqual({
    inputTokens: 100,
    outputTokens: 20,
    totalTokens: 120,
    cacheReadTokens: 64,
    cacheWriteTokens: 8,
    reasoningTokens: 5,
    inputAudioTokens: 3,
    outputAudioTokens: 1,
    acceptedPredictionTokens: 2,
    rejectedPredictionTokens: 4,
    source: "provider",
    raw: usage,
  });
});

test.each([
  [
    "DeepSeek",
    { prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 },
    { inputTokens: 10, outputTokens: 2, cacheReadTokens: 8 },
  ],
  ["Mistral", { prompt_tokens: 10, completion_tokens: 2, num_cached_tokens: 8 }, { inputTokens: 10, outputTokens: 2, cacheReadTokens: 8 }],
  ["Together", { prompt_tokens: 10, completion_tokens: 2, cached_tokens: 0 }, { inputTokens: 10, outputTokens: 2, cacheReadTokens: 0 }],
  [
    "xAI, reasoning beside the completion",
    { prompt_tokens: 12, completion_tokens: 1, total_tokens: 303, completion_tokens_details: { reasoning_tokens: 290 } },
    { inputTokens: 12, outputTokens: 291, totalTokens: 303, reasoningTokens: 290 },
  ],
  [
    "OpenAI, reasoning inside the completion",
    { prompt_tokens: 12, completion_tokens: 300, total_tokens: 312, completion_tokens_details: { reasoning_tokens: 290 } },
    { inputTokens: 12, outputTokens: 300, totalTokens: 312, reasoningTokens: 290 },
  ],
  ["nonsense", { prompt_tokens: "10", completion_tokens: -1, total_tokens: null }, undefined],
])("usage of %s", (_, raw, expected) => {
  const { usage } = callIn(whole({ message: { content: "x" } }, { usage: raw }));
  expect(usage).toEqual(expected ? { ...expected, source: "provider", raw } : {});
});

test("Groq sends usage inside x_groq", () => {
  expect(
    callIn(
      sse(
        [
          {
            object: "chat.completion.chunk",
            choices: [{ index: 0, delta: {}, finish_reason: "stop" }],
            x_groq: { usage: { prompt_tokens: 3, completion_tokens: 1 } },
          },
        ],
        { done: true },
      ),
    ).usage,
  ).toMatchObject({ inputTokens: 3, outputTokens: 1 });
});

test.each([
  ["stop", {}, { reason: "stop", raw: "stop" }],
  ["length", {}, { reason: "output-cap", raw: "length" }],
  ["tool_calls", {}, { reason: "tool-use", raw: "tool_calls" }],
  ["function_call", {}, { reason: "tool-use", raw: "function_call" }],
  [
    "content_filter",
    { content_filter_results: { hate: { filtered: true } } },
    { reason: "content-filter", raw: "content_filter", details: { content_filter_results: { hate: { filtered: true } } } },
  ],
  ["model_length", {}, { reason: "context-full", raw: "model_length" }],
  ["stop", { stop_reason: "END" }, { reason: "stop-sequence", raw: "stop", stopSequence: "END" }],
  ["stop", { stop_reason: 128_009 }, { reason: "stop", raw: "stop" }],
  ["stop", { matched_stop: "END" }, { reason: "stop-sequence", raw: "stop", stopSequence: "END" }],
  ["something_new", {}, { reason: "unknown", raw: "something_new" }],
])("finish_reason %s", (finish_reason, more, expected) => {
  expect(answerOf(whole({ message: { content: "x" }, finish_reason, ...more }))?.finish).toEqual(expected);
  expect(answerOf(streamed({ delta: { content: "x" } }, { delta: {}, finish_reason, ...more }))?.finish).toEqual(expected);
});

test("an empty finish reason of an intermediate chunk ends nothing", () => {
  expect(
    callIn(sse([{ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "x" }, finish_reason: "" }] }])).answers[0]?.finish,
  ).toEqual({ reason: "cut" });
});

test("several choices, interleaved", () => {
  const call = callIn(
    sse(
      [
        [1, "b1", null],
        [0, "a1", null],
        [1, "b2", "length"],
        [0, "a2", "stop"],
      ].map(([index, content, finish_reason]) => ({
        object: "chat.completion.chunk",
        choices: [{ index, delta: { content }, finish_reason }] as JsonObject[],
      })),
      { done: true },
    ),
  );
  expect(call.answers.map((answer) => [answer.text, answer.finish.reason])).toEqual([
    ["a1a2", "stop"],
    ["b1b2", "output-cap"],
  ]);
});

test("a choice index that no request asks for is left out, not allocated", () => {
  const call = callIn(sse([{ object: "chat.completion.chunk", choices: [{ index: 1e9, delta: { content: "x" } }] }], { done: true }));
  expect(call.answers).toEqual([]);
  expect(call.notices.map((notice) => notice.code)).toEqual(["choice-index"]);
  expect(callIn(whole({ index: 1e9, message: { content: "x" } })).answers).toEqual([]);
});

describe("tool calls", () => {
  const calls = (...deltas: JsonObject[]) =>
    answerOf(streamed(...deltas.map((tool) => ({ delta: { tool_calls: [tool] } })), { delta: {}, finish_reason: "tool_calls" }))?.toolCalls;

  test("indices that begin at 1 leave no hole", () => {
    expect(calls({ index: 1, id: "a", function: { name: "f", arguments: "" } }, { index: 1, function: { arguments: "{}" } })).toEqual([
      { id: "a", name: "f", arguments: "{}" },
    ]);
  });
  test("without indices, a new id is a new call", () => {
    expect(
      calls(
        { id: "a", function: { name: "f", arguments: "{" } },
        { function: { name: "", arguments: "}" } },
        { id: "b", function: { name: "g", arguments: "[]" } },
      ),
    ).toEqual([
      { id: "a", name: "f", arguments: "{}" },
      { id: "b", name: "g", arguments: "[]" },
    ]);
  });
  test("an index used twice for different calls is two calls", () => {
    expect(
      calls({ index: 0, id: "a", function: { name: "f", arguments: "{}" } }, { index: 0, id: "b", function: { name: "g", arguments: "[]" } }),
    ).toEqual([
      { id: "a", name: "f", arguments: "{}" },
      { id: "b", name: "g", arguments: "[]" },
    ]);
  });
  test("a name repeated in every delta is taken once, and arguments may be split inside a character's escape", () => {
    expect(
      calls(
        { index: 0, id: "a", function: { name: "f", arguments: '{"x":"\\u00' } },
        { index: 0, id: "a", function: { name: "f", arguments: 'fc"}' } },
      ),
    ).toEqual([{ id: "a", name: "f", arguments: '{"x":"\\u00fc"}' }]);
  });
  test("custom tools and the legacy function_call", () => {
    expect(
      answerOf(
        whole({
          message: { content: null, tool_calls: [{ id: "a", type: "custom", custom: { name: "sql", input: "select 1" } }] },
          finish_reason: "tool_calls",
        }),
      )?.toolCalls,
    ).toEqual([{ id: "a", name: "sql", arguments: "select 1" }]);
    expect(
      answerOf(
        streamed(
          { delta: { function_call: { name: "f", arguments: "{" } } },
          { delta: { function_call: { arguments: "}" } } },
          { delta: {}, finish_reason: "function_call" },
        ),
      )?.toolCalls,
    ).toEqual([{ name: "f", arguments: "{}" }]);
  });
  test("arguments that come as JSON instead of text", () => {
    expect(answerOf(whole({ message: { tool_calls: [{ id: "a", function: { name: "f", arguments: { x: 1 } } }] } }))?.toolCalls).toEqual([
      { id: "a", name: "f", arguments: '{"x":1}' },
    ]);
  });
});

test("reasoning under either name, once, and as content parts", () => {
  expect(answerOf(whole({ message: { content: "x", reasoning_content: "r", reasoning: "r" } }))?.reasoning).toBe("r");
  expect(answerOf(whole({ message: { content: "x", reasoning: "r" } }))?.reasoning).toBe("r");
  expect(
    answerOf(
      streamed(
        { delta: { content: [{ type: "thinking", thinking: [{ type: "text", text: "a" }] }] } },
        { delta: { content: [{ type: "text", text: "b" }] }, finish_reason: "stop" },
      ),
    ),
  ).toMatchObject({ reasoning: "a", text: "b" });
});

test("a refusal is kept apart from the text", () => {
  expect(answerOf(whole({ message: { content: null, refusal: "I can't." } }))).toMatchObject({
    text: "",
    refusal: "I can't.",
    finish: { reason: "stop" },
  });
});

test("annotations, audio and citations are other output; citations that every chunk repeats count once", () => {
  const annotation = { type: "url_citation", url_citation: { url: "https://example.test" } };
  expect(
    answerOf(whole({ message: { content: "x", annotations: [annotation], audio: { id: "a" } } }, { citations: ["https://example.test"] }))?.other,
  ).toEqual([
    { name: "url_citation", json: annotation },
    { name: "audio", json: { id: "a" } },
    { name: "citations", json: ["https://example.test"] },
  ]);
  const chunk = (content: string, citations: string[], finish_reason: string | null = null) => ({
    object: "chat.completion.chunk",
    citations,
    choices: [{ index: 0, delta: { content }, finish_reason }],
  });
  expect(answerOf(sse([chunk("a", ["1"]), chunk("b", ["1", "2"], "stop")], { done: true }))?.other).toEqual([
    { name: "citations", json: ["1", "2"] },
  ]);
});

describe("logprobs", () => {
  const top = [
    { token: " yes", logprob: Math.log(0.6), bytes: [32, 121, 101, 115] },
    { token: " no", logprob: Math.log(0.3), bytes: null },
  ];
  test("are steps with bytes, rank and the mass outside the alternatives", () => {
    const answer = answerOf(
      whole({ message: { content: " no" }, logprobs: { content: [{ token: " no", logprob: Math.log(0.3), bytes: null, top_logprobs: top }] } }),
    );
    const [step] = answer?.steps ?? [];
    expect(step).toMatchObject({ bytes: bytesOf(" no"), logprob: Math.log(0.3), rank: 1 });
    expect(step?.top?.map((item) => item.bytes)).toEqual([bytesOf(" yes"), bytesOf(" no")]);
    expect(step?.tailMass).toBeCloseTo(0.1, 12);
  });
  test("a token outside the alternatives has no rank; without alternatives there is no tail", () => {
    const steps = answerOf(
      whole({
        message: { content: "ab" },
        logprobs: {
          content: [
            { token: "a", logprob: -3, bytes: [97], top_logprobs: top },
            { token: "b", logprob: -1, bytes: [98], top_logprobs: [] },
          ],
        },
      }),
    )?.steps;
    expect(steps?.[0]).not.toHaveProperty("rank");
    expect(steps?.[1]).toEqual({ bytes: bytesOf("b"), logprob: -1 });
  });
  test("a character over two tokens comes from bytes, streamed", () => {
    const [first, second] = [...bytesOf("ü")];
    const answer = answerOf(
      streamed(
        { delta: { content: "" }, logprobs: { content: [{ token: "\\xc3", logprob: -1, bytes: [first as number] }] } },
        { delta: { content: "ü" }, logprobs: { content: [{ token: "\\xbc", logprob: -2, bytes: [second as number] }] }, finish_reason: "stop" },
      ),
    );
    expect(answer?.steps?.flatMap((step) => [...step.bytes])).toEqual([...bytesOf("ü")]);
  });
});

test("Azure's first chunk holds only the prompt's filter results; they go to the finish", () => {
  const call = callIn(
    sse(
      [
        { choices: [], created: 0, id: "", model: "", object: "", prompt_filter_results: [{ prompt_index: 0 }] },
        {
          id: "c1",
          object: "chat.completion.chunk",
          created: 5,
          model: "m",
          choices: [{ index: 0, delta: { content: "x" }, finish_reason: "stop", content_filter_results: {} }],
        },
      ],
      { done: true },
    ),
  );
  expect(call).toMatchObject({
    response: { id: "c1", created: 5 },
    model: { served: "m" },
    answers: [{ finish: { reason: "stop", details: { prompt_filter_results: [{ prompt_index: 0 }] } } }],
  });
});

test("a malformed event is reported and the rest goes on", () => {
  const text = streamed({ delta: { content: "a" } }, { delta: { content: "b" }, finish_reason: "stop" }).replace(
    "\n\n",
    '\n\ndata: {"choices": [}\n\n',
  );
  const call = callIn(text);
  expect(call).toMatchObject({ ending: "complete", answers: [{ text: "ab" }] });
  expect(call.notices.map((notice) => notice.code)).toEqual(["malformed-event"]);
});

test("a thousand malformed events are eleven notices", () => {
  const call = callIn(streamed({ delta: { content: "a" } }) + "data: {x\n\n".repeat(1000));
  expect(call.notices).toHaveLength(11);
  expect(call.notices.at(-1)?.says).toBe("990 more of the same");
});

test("a chunk after [DONE] means that [DONE] was not the end", () => {
  const call = callIn(
    `${streamed({ delta: { content: "a" } })}${sse([{ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "b" } }] }])}`,
  );
  expect(call).toMatchObject({ ending: "cut", answers: [{ text: "ab" }], notices: [{ code: "after-the-end" }] });
});

test("an error inside a 200 stream", () => {
  const error = { error: { message: "The server had an error", type: "server_error" } };
  const cut = callIn(`${sse([{ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "a" } }] }, error])}`);
  expect(cut).toMatchObject({ ending: "cut", error: { kind: "server", inStream: true }, answers: [{ text: "a", finish: { reason: "error" } }] });
  expect(callIn(sse([{ object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "a" } }] }, error], { done: true })).ending).toBe(
    "complete",
  );
});

test("decodeUsage alone reads a usage object", () => {
  expect(codecs["openai-chat"].decodeUsage({ prompt_tokens: 1, completion_tokens: 2 })).toMatchObject({ inputTokens: 1, outputTokens: 2 });
});
