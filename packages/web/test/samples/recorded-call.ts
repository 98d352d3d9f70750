import {
  type Call,
  type CallEvent,
  type CallId,
  type Finish,
  foldCall,
  type Message,
  type Parameters,
  type Request,
  seededRandom,
  type TokenStep,
  type Usage,
} from "@cutaway/core";

const utf8 = new TextEncoder();

export interface Recorded {
  id: CallId;
  parent?: CallId;
  issued: number;
  provider: "openai" | "anthropic";
  model: string;
  served?: string;
  messages: { role: Message["role"]; text: string }[];
  parameters?: Parameters;
  /** The answer, token by token, with the probability of each where the provider sends it. */
  tokens: { text: string; p?: number; others?: [text: string, p: number][] }[];
  reasoning?: string;
  finish?: Finish;
  usage?: Usage;
  /** Milliseconds. */
  ttft?: number;
  tpot?: number;
  /** How the stream ended; a whole answer if absent. */
  cutBy?: "server" | "client";
  seed?: number;
}

/** A call as the proxy records it: a stream with arrival times. */
export function recordedCall(recorded: Recorded): { call: Call; bodies: { request: Uint8Array; response: Uint8Array } } {
  const { id, parent, issued, provider, model, tokens, ttft = 420, tpot = 18, seed = 1 } = recorded;
  const random = seededRandom(seed);
  const request = requestOf(recorded);
  const events: CallEvent[] = [
    { type: "call-start", model: { provider, asked: model }, format: request.format, request, issued },
    { type: "connected", at: 31 },
    { type: "headers-received", at: ttft * 0.8, response: { status: 200, requestId: `req_${id.slice(-8)}`, processingMs: ttft * 0.7 } },
    { type: "response-start", at: ttft * 0.8, model: recorded.served ?? model, response: { id: `chatcmpl-${id.slice(-8)}` } },
  ];
  const response: string[] = [];
  let at = ttft;
  if (recorded.reasoning) {
    events.push(
      { type: "chunk-received", at, bytes: recorded.reasoning.length },
      { type: "reasoning-delta", answer: 0, text: recorded.reasoning, at },
    );
    at += 800;
  }
  for (const token of tokens) {
    const step = stepOf(token, at);
    const line = `data: ${JSON.stringify({ id: "chatcmpl", choices: [{ index: 0, delta: { content: token.text } }] })}\n\n`;
    response.push(line);
    events.push({ type: "chunk-received", at, bytes: line.length }, { type: "text-delta", answer: 0, text: token.text, at });
    if (step) events.push({ type: "token-step", answer: 0, step });
    at += tpot * (0.3 + random() * 1.4) + (random() < 0.01 ? tpot * 25 : 0);
  }
  if (!recorded.cutBy) {
    events.push({ type: "answer-finish", answer: 0, finish: recorded.finish ?? { reason: "stop", raw: "stop" }, at });
    events.push({ type: "usage", usage: recorded.usage ?? { inputTokens: 40, outputTokens: tokens.length, source: "provider" } });
    events.push({ type: "response-end", at });
    response.push("data: [DONE]\n\n");
  }
  events.push({ type: "closed", at: at + 4, by: recorded.cutBy ?? "server" });
  const call = foldCall(events, { id, ...(parent && { parent }), origin: { kind: "proxy", from: `https://api.${provider}.com` } });
  return { call, bodies: { request: utf8.encode(JSON.stringify(request.body)), response: utf8.encode(response.join("")) } };
}

function requestOf({ model, messages, parameters = {}, provider }: Recorded): Request {
  return {
    format: provider === "openai" ? "openai-chat" : "anthropic-messages",
    model,
    messages: messages.map(({ role, text }, i) => ({ role, at: `messages[${i}]`, parts: [{ type: "text", text, at: `messages[${i}].content` }] })),
    tools: [],
    parameters,
    notUnderstood: [],
    body: {
      model,
      messages: messages.map(({ role, text }) => ({ role, content: text })),
      stream: true,
      ...(parameters.maxOutputTokens !== undefined && { max_tokens: parameters.maxOutputTokens }),
    },
    url: provider === "openai" ? "https://api.openai.com/v1/chat/completions" : "https://api.anthropic.com/v1/messages",
  };
}

function stepOf({ text, p, others }: Recorded["tokens"][number], at: number): TokenStep | undefined {
  if (p === undefined) return undefined;
  const top = [
    { bytes: utf8.encode(text), logprob: Math.log(p) },
    ...(others ?? []).map(([other, q]) => ({ bytes: utf8.encode(other), logprob: Math.log(q) })),
  ];
  return { bytes: utf8.encode(text), at, logprob: Math.log(p), top: top.sort((a, b) => b.logprob - a.logprob) };
}
