import { type Call, type CallEvent, type CallId, foldCall, type JsonObject, newCallId } from "@cutaway/core";
import type { Bodies } from "../store.ts";

const utf8 = new TextEncoder();

export interface SampleOptions {
  id?: CallId;
  model?: string;
  session?: string;
  tags?: string[];
  prompt?: string;
  answer?: string;
  /** Leave out the end: a stream still running. */
  open?: boolean;
}

/** A small constructed call with logprobs, usage, a body and odd bytes: what a store must give back unchanged. */
export function sampleCall(options: SampleOptions = {}): { call: Call; bodies: Required<Bodies> } {
  const { model = "gpt-4o-mini", prompt = "Say hello", answer = "Hello", session, tags } = options;
  const body: JsonObject = { model, messages: [{ role: "user", content: prompt }], stream: true };
  const request = utf8.encode(JSON.stringify(body));
  const response = utf8.encode(`data: ${JSON.stringify({ choices: [{ delta: { content: answer } }] })}\n\ndata: [DONE]\n\n`);
  const events: CallEvent[] = [
    {
      type: "call-start",
      model: { provider: "openai", asked: model },
      format: "openai-chat",
      issued: 1_795_000_000_000.25,
      request: {
        format: "openai-chat",
        model,
        messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text: prompt, at: "messages[0].content" }] }],
        tools: [],
        parameters: { stream: true },
        notUnderstood: [],
        body,
      },
      ...(session !== undefined && { trace: { traceId: "0".repeat(31).concat("1"), spanId: "0".repeat(15).concat("1"), session } }),
    },
    { type: "headers-received", at: 12.5, response: { status: 200, requestId: "req_1" } },
    { type: "chunk-received", at: 20, bytes: response.length },
    { type: "response-start", at: 20, model: `${model}-2024-07-18`, response: { id: "chatcmpl-1", created: 1_795_000_000 } },
    { type: "text-delta", answer: 0, text: answer, at: 20 },
    {
      type: "token-step",
      answer: 0,
      step: { bytes: utf8.encode(answer), logprob: -0.25, top: [{ bytes: new Uint8Array([0xf0, 0x9f]), logprob: -1.5 }], at: 20 },
    },
    { type: "usage", usage: { inputTokens: 9, outputTokens: 1, source: "provider", raw: { prompt_tokens: 9, completion_tokens: 1 } } },
    ...(options.open
      ? []
      : ([
          { type: "answer-finish", answer: 0, finish: { reason: "stop", raw: "stop" }, at: 20 },
          { type: "response-end", at: 20 },
          { type: "closed", at: 21, by: "server" },
        ] satisfies CallEvent[])),
  ];
  const call = foldCall(events, { id: options.id ?? newCallId(), origin: { kind: "proxy", from: "https://api.openai.com" }, ...(tags && { tags }) });
  return { call, bodies: { request, response } };
}
