import type { Answer } from "./replay-server.ts";

const stream = [
  "Content-Type",
  "text/event-stream; charset=utf-8",
  "X-Request-Id",
  "req_chat",
  "openai-processing-ms",
  "12",
  "X-RateLimit-Limit-Requests",
  "500",
];

const sse = (data: object | string, event?: string) =>
  `${event === undefined ? "" : `event: ${event}\n`}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;

const chatChunk = (delta: object, rest: object = {}, finish: string | null = null) =>
  sse({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_795_000_000,
    model: "gpt-4o-mini-2024-07-18",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...rest,
  });

/** A streamed chat completion of `words`. */
export const chatStream = (words: string[], pauseMs = 0): Answer => ({
  headers: stream,
  chunks: [
    chatChunk({ role: "assistant", content: "" }),
    ...words.map((word): [number, string] => [pauseMs, chatChunk({ content: word })]),
    chatChunk({}, {}, "stop"),
    sse({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1_795_000_000,
      model: "gpt-4o-mini-2024-07-18",
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: words.length, total_tokens: 9 + words.length },
    }),
    "data: [DONE]\n\n",
  ],
});

export const chatBody = (text: string) =>
  JSON.stringify({
    id: "chatcmpl-2",
    object: "chat.completion",
    created: 1_795_000_000,
    model: "gpt-4o-mini-2024-07-18",
    choices: [{ index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  });

const responseOf = (status: string, text: string) => ({
  id: "resp_1",
  object: "response",
  created_at: 1_795_000_000,
  status,
  model: "gpt-4o-mini-2024-07-18",
  output:
    text === ""
      ? []
      : [{ type: "message", id: "msg_1", status: "completed", role: "assistant", content: [{ type: "output_text", text, annotations: [] }] }],
  usage: status === "completed" ? { input_tokens: 9, output_tokens: 2, total_tokens: 11 } : null,
});

/** A stream of the Responses API. */
export const responsesStream = (words: string[]): Answer => {
  const text = words.join("");
  let sequence_number = 0;
  const event = (type: string, rest: object) => sse({ type, sequence_number: sequence_number++, ...rest }, type);
  const at = { item_id: "msg_1", output_index: 0, content_index: 0 };
  return {
    headers: stream,
    chunks: [
      event("response.created", { response: responseOf("in_progress", "") }),
      event("response.output_item.added", {
        output_index: 0,
        item: { id: "msg_1", type: "message", status: "in_progress", role: "assistant", content: [] },
      }),
      event("response.content_part.added", { ...at, part: { type: "output_text", text: "", annotations: [] } }),
      ...words.map((delta) => event("response.output_text.delta", { ...at, delta, logprobs: [] })),
      event("response.output_text.done", { ...at, text, logprobs: [] }),
      event("response.content_part.done", { ...at, part: { type: "output_text", text, annotations: [] } }),
      event("response.output_item.done", { output_index: 0, item: responseOf("completed", text).output[0] }),
      event("response.completed", { response: responseOf("completed", text) }),
    ],
  };
};

/** A stream of Anthropic's Messages API. */
export const messagesStream = (words: string[]): Answer => {
  const event = (type: string, rest: object) => sse({ type, ...rest }, type);
  return {
    headers: ["content-type", "text/event-stream; charset=utf-8", "request-id", "req_anthropic", "anthropic-ratelimit-requests-limit", "50"],
    chunks: [
      event("message_start", {
        message: {
          id: "msg_01",
          type: "message",
          role: "assistant",
          model: "claude-haiku-4-5",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 9, output_tokens: 1 },
        },
      }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      event("ping", {}),
      ...words.map((text) => event("content_block_delta", { index: 0, delta: { type: "text_delta", text } })),
      event("content_block_stop", { index: 0 }),
      event("message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage: { output_tokens: words.length } }),
      event("message_stop", {}),
    ],
  };
};

export const messagesBody = (text: string) =>
  JSON.stringify({
    id: "msg_02",
    type: "message",
    role: "assistant",
    model: "claude-haiku-4-5",
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 2 },
  });
