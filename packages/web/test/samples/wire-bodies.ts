/** Bodies as a person would paste them: what the providers' formats look like, with texts of ours. */

interface Drawn {
  text: string;
  p: number;
  others?: [text: string, p: number][];
}

const logprobOf = ({ text, p, others = [] }: Drawn) => ({
  token: text,
  bytes: [...new TextEncoder().encode(text)],
  logprob: Math.log(p),
  top_logprobs: [[text, p] as const, ...others].map(([token, q]) => ({ token, bytes: [...new TextEncoder().encode(token)], logprob: Math.log(q) })),
});

/** A request and its whole answer, OpenAI chat completions with logprobs. */
export function chatPair(
  ask: string,
  tokens: Drawn[],
  finish: "stop" | "length",
  options: { max_tokens?: number; temperature?: number; response_format?: object } = {},
): string {
  return JSON.stringify({
    request: {
      model: "gpt-4o-mini",
      messages: [
        { role: "system", content: "Answer briefly." },
        { role: "user", content: ask },
      ],
      logprobs: true,
      top_logprobs: 3,
      ...options,
    },
    response: {
      id: "chatcmpl-made",
      object: "chat.completion",
      created: 1_790_000_000,
      model: "gpt-4o-mini-2024-07-18",
      choices: [
        {
          index: 0,
          message: { role: "assistant", content: tokens.map(({ text }) => text).join("") },
          logprobs: { content: tokens.map(logprobOf), refusal: null },
          finish_reason: finish,
        },
      ],
      usage: { prompt_tokens: 21, completion_tokens: tokens.length, total_tokens: 21 + tokens.length },
    },
  });
}

/** Server-sent events of a chat completion that stops without its end. */
export function cutChatStream(words: string[]): string {
  const chunk = (delta: object) =>
    `data: ${JSON.stringify({ id: "chatcmpl-cut", object: "chat.completion.chunk", created: 1_790_000_100, model: "gpt-4o", choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
  return chunk({ role: "assistant", content: "" }) + words.map((content) => chunk({ content })).join("");
}

/** A whole Anthropic message: no logprobs, so its probabilities are unknown. */
export function anthropicPair(ask: string, answer: string): string {
  return JSON.stringify({
    request: { model: "claude-sonnet-4-5", max_tokens: 500, messages: [{ role: "user", content: ask }] },
    response: {
      id: "msg_made",
      type: "message",
      role: "assistant",
      model: "claude-sonnet-4-5-20250929",
      content: [{ type: "text", text: answer }],
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 14, output_tokens: 30, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    },
  });
}
