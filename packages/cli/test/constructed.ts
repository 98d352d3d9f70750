import {
  type Call,
  type CallEvent,
  type CallId,
  durationsOf,
  type Explanation,
  encodeUtf8,
  type Finding,
  foldCall,
  type Request,
  type StripToken,
} from "@cutaway/core";

export const id = "01J9ZK3V7Q8M2N4P6R8T0W2Y4A" as CallId;

/** A small request with the parts that the renderers know; made by hand so that every figure in the goldens can be checked by eye. */
export const request = (changes: Partial<Request> = {}): Request => ({
  format: "openai-chat",
  model: "gpt-4o-mini",
  messages: [
    { role: "system", at: "messages[0]", parts: [{ type: "text", text: "You are a terse release-notes writer.", at: "messages[0].content" }] },
    { role: "user", at: "messages[1]", parts: [{ type: "text", text: "Summarise the outage of 12 March. ", at: "messages[1].content" }] },
  ],
  tools: [],
  parameters: { maxOutputTokens: 16, temperature: 0.7, stream: true },
  notUnderstood: [],
  ...changes,
});

const cutText = "Three things failed at once: a stale cache, a retry storm, and a";

export const cutEvents = (text = cutText): CallEvent[] => [
  {
    type: "call-start",
    model: { provider: "openai", asked: "gpt-4o-mini" },
    format: "openai-chat",
    request: request(),
    issued: Date.UTC(2025, 2, 14, 9, 26, 53),
  },
  { type: "headers-received", at: 210, response: { status: 200, requestId: "req_7f3a" } },
  { type: "response-start", at: 212, model: "gpt-4o-mini-2024-07-18", response: { id: "chatcmpl-A1" } },
  { type: "chunk-received", at: 212, bytes: 180 },
  ...[...text.matchAll(/\s*\S+/g)].flatMap((word, i): CallEvent[] => [
    { type: "chunk-received", at: 430 + i * 40, bytes: 190 },
    { type: "text-delta", answer: 0, text: word[0], at: 430 + i * 40 },
  ]),
  { type: "answer-finish", answer: 0, finish: { reason: "output-cap", raw: "length" } },
  { type: "usage", usage: { inputTokens: 29, outputTokens: 16, source: "provider" } },
  { type: "response-end", at: 960 },
  { type: "closed", at: 965, by: "server" },
];

export const cutCall = (text?: string): Call => foldCall(cutEvents(text), { id, origin: { kind: "file", from: "cut.json" } });

export const capFinding = (call: Call): Finding => ({
  rule: "cut.output-cap",
  calls: [call.id],
  severity: "problem",
  certainty: "certain",
  says: "The answer was cut off at its output cap: 16 of 16 tokens used.",
  evidence: [
    { kind: "field", call: call.id, at: "answers[0].finish.raw", says: "the provider's word for the cap" },
    { kind: "field", call: call.id, at: "request.parameters.maxOutputTokens", says: "the cap that was sent" },
    {
      kind: "text",
      call: call.id,
      path: "answers[0].text",
      at: { start: call.answers[0]?.text.length ?? 0, end: call.answers[0]?.text.length ?? 0 },
      says: "it breaks off in the middle of a sentence",
    },
  ],
  change: { says: "Raise the cap to 800 tokens.", set: { maxOutputTokens: 800 }, apply: (unchanged) => unchanged, symptom: () => false },
});

export const spaceFinding = (call: Call): Finding => ({
  rule: "tokens.trailing-space",
  calls: [call.id],
  severity: "warning",
  certainty: "likely",
  says: "The prompt ends with a space, which is a token of its own before the answer.",
  evidence: [{ kind: "prompt", call: call.id, path: "messages[1].content", at: { start: 33, end: 34 }, says: "the space" }],
});

/** An explanation of the cut call with everything known: findings, prices, segments, probabilities. */
export function cutExplanation(text?: string): Explanation {
  const call = cutCall(text);
  const words = [...(call.answers[0]?.text ?? "").matchAll(/\s*\S+/g)];
  const tokens = words.map((word, i): StripToken => {
    const logprob = i % 5 === 3 ? Math.log(0.31) : Math.log(0.97);
    return { span: { start: word.index, end: word.index + word[0].length }, logprob };
  });
  const steps = words.map((word, i) => {
    const { logprob } = tokens[i] as StripToken;
    const top = [
      { bytes: encodeUtf8(word[0]), logprob: logprob as number },
      { bytes: encodeUtf8(" an"), logprob: Math.log(0.012) },
    ];
    return { bytes: encodeUtf8(word[0]), top };
  });
  return {
    call: { ...call, answers: call.answers.map((answer) => ({ ...answer, steps })) },
    findings: [spaceFinding(call), capFinding(call)],
    durations: durationsOf(call),
    cost: {
      total: 0.00001395,
      input: 0.00000435,
      output: 0.0000096,
      lines: [
        { what: "input", count: "inputTokens", units: 29, per: 0.15, amount: 0.00000435 },
        { what: "output", count: "outputTokens", units: 16, per: 0.6, amount: 0.0000096 },
      ],
      price: { provider: "openai", model: "gpt-4o-mini", at: "2025-03-14", source: { name: "genai-prices", version: "0.0.40", date: "2026-01-10" } },
      caveats: [],
    },
    prompt: {
      segments: [
        { kind: "system", at: "messages[0]", label: "system", text: "You are a terse release-notes writer.", tokens: 9, cost: 0.00000135 },
        { kind: "user", at: "messages[1]", label: "user", text: "Summarise the outage of 12 March. ", tokens: 10, cost: 0.0000015 },
      ],
      tokenizer: { name: "o200k_base", exact: true },
      counted: 19,
      unattributed: 10,
    },
    strips: [{ answer: 0, source: "logprobs", tokens }],
  };
}

/** A call with nothing to complain about, without probabilities and without a request. */
export function healthyExplanation(): Explanation {
  const call = foldCall(
    [
      { type: "response-start", format: "anthropic-messages", model: "claude-sonnet-4-5", response: { id: "msg_01" } },
      { type: "text-delta", answer: 0, text: "Done.\nThe disk was full." },
      { type: "answer-finish", answer: 0, finish: { reason: "stop", raw: "end_turn" } },
      { type: "usage", usage: { inputTokens: 2048, outputTokens: 9, cacheReadTokens: 2000, source: "provider" } },
      { type: "response-end" },
      { type: "closed", by: "server" },
    ],
    { id, origin: { kind: "file", from: "done.json" } },
  );
  return {
    call: { ...call, model: { ...call.model, provider: "anthropic" } },
    findings: [],
    durations: {},
    costUnknown: "the model is not known",
    strips: [{ answer: 0, source: "tokenizer-estimate", tokenizer: "o200k_base", tokens: [] }],
  };
}

/** A refused call: there is an error and no answer. */
export function errorExplanation(): Explanation {
  const call = foldCall(
    [
      { type: "call-start", model: { provider: "openai", asked: "gpt-4o" }, format: "openai-chat", request: request({ model: "gpt-4o" }) },
      { type: "headers-received", response: { status: 429 } },
      { type: "call-error", error: { kind: "quota", status: 429, code: "insufficient_quota", message: "You exceeded your current quota." } },
      { type: "notice", notice: { code: "unknown-field", says: "The error has a field that is not in the format." } },
      { type: "response-end" },
      { type: "closed", by: "server" },
    ],
    { id, origin: { kind: "file", from: "quota.json" } },
  );
  const finding: Finding = {
    rule: "limit.quota",
    calls: [call.id],
    severity: "problem",
    certainty: "certain",
    says: "The account has no credit left: waiting does not help, and neither does trying again.",
    evidence: [{ kind: "field", call: call.id, at: "error.code", says: "the code that sets this apart from a rate limit" }],
    change: { says: "Add credit to the account, or use the key of another.", apply: (unchanged) => unchanged, symptom: () => false },
  };
  return { call, findings: [finding], durations: {}, costUnknown: "no usage reported: the call failed", strips: [] };
}

/** A long history: more segments than a person reads. */
export function manySegments(): Explanation {
  const base = healthyExplanation();
  const segments = Array.from({ length: 24 }, (_, i) => ({
    kind: i === 0 ? ("system" as const) : i === 23 ? ("user" as const) : ("history" as const),
    at: `messages[${i}]`,
    label: i === 0 ? "system" : i % 2 === 1 ? "user" : "assistant",
    text: `turn ${i}`,
    tokens: i === 7 ? 4000 : 10 + i,
    cost: (i === 7 ? 4000 : 10 + i) * 3e-6,
  }));
  const counted = segments.reduce((sum, { tokens }) => sum + tokens, 0);
  return { ...base, prompt: { segments, tokenizer: { name: "o200k_base", exact: false }, counted, unattributed: -12 } };
}
