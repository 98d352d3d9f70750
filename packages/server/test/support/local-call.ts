import { type Call, type CallEvent, foldCall, newCallId, type Parameters, type TokenId, type TokenStep } from "@cutaway/core";

const utf8 = new TextEncoder();

export const loop = "The migration must run before the deploy. ";

/** A call of a local model, one step a word, each with two alternatives and what two sampler stages did. */
export function localCall(text: string, parameters: Parameters = { temperature: 0, maxOutputTokens: 200 }): Call {
  const words = text.match(/\s*\S+/g) ?? [];
  const ids = new Map<string, TokenId>();
  const idOf = (word: string): TokenId => {
    const id = ids.get(word) ?? ((100 + ids.size) as TokenId);
    ids.set(word, id);
    return id;
  };
  const steps = words.map(
    (word, i): TokenStep => ({
      id: idOf(word),
      bytes: utf8.encode(word),
      at: 50 + i,
      logprob: Math.log(0.6),
      sampledLogprob: 0,
      rank: 0,
      entropy: 0.9,
      tailMass: 0.1,
      top: [
        { id: idOf(word), bytes: utf8.encode(word), logprob: Math.log(0.6), sampledLogprob: 0 },
        { id: idOf(" <b>other</b>"), bytes: utf8.encode(" <b>other</b>"), logprob: Math.log(0.3), removedBy: "top_k" },
      ],
      stages: [{ stage: "top_k", setting: 1, kept: 1, removedMass: 0.4, entropyBefore: 0.9, entropyAfter: 0, kl: 0.51 }],
    }),
  );
  const events: CallEvent[] = [
    {
      type: "call-start",
      model: { provider: "local", asked: "tiny" },
      format: "local",
      issued: 1_795_000_000_000,
      request: {
        format: "local",
        model: "tiny",
        messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text: "What must happen?", at: "messages[0].parts[0].text" }] }],
        tools: [],
        parameters,
        notUnderstood: [],
        local: { contextSize: 512 },
      },
    },
    {
      type: "prompt-tokens",
      tokens: [
        { id: 1 as TokenId, bytes: utf8.encode("<|im_start|>"), segment: "template", special: true },
        { id: 7 as TokenId, bytes: utf8.encode("What must happen?"), segment: "user" },
      ],
    },
    {
      type: "local-run",
      run: {
        weights: { file: "tiny.gguf", architecture: "llama", quantization: "F32" },
        engine: { name: "scripted", version: "1", threads: 1 },
        contextSize: 512,
        trainedContext: 2048,
        template: { used: "model", modelHasOne: true },
        markers: ["<|im_start|>"],
        specials: { ends: [], addBos: false },
        dropped: { tokens: 30, of: 32, at: "start" },
        sampler: { order: ["top_k"], greedy: false },
      },
    },
    ...steps.flatMap((step, i): CallEvent[] => [
      { type: "text-delta", answer: 0, text: words[i] ?? "", at: 50 + i },
      { type: "token-step", answer: 0, step },
    ]),
    { type: "usage", usage: { inputTokens: 2, outputTokens: steps.length, source: "tokenizer" } },
    { type: "answer-finish", answer: 0, finish: { reason: "output-cap", raw: "max_tokens" } },
    { type: "response-end" },
    { type: "closed", by: "server" },
  ];
  return foldCall(events, { id: newCallId(), origin: { kind: "local" } });
}
