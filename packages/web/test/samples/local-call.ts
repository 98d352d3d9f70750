import {
  type Call,
  type CallEvent,
  type CallId,
  type Finish,
  foldCall,
  type LocalOptions,
  type LocalRun,
  type Message,
  type Parameters,
  type PromptToken,
  type SegmentKind,
  type TokenId,
  type TokenStep,
} from "@cutaway/core";
import { drawnStep, idOf, type Stage } from "./drawn-step.ts";

const utf8 = new TextEncoder();

export interface LocalSample {
  id: CallId;
  parent?: CallId;
  issued: number;
  messages: { role: Message["role"]; text: string }[];
  parameters?: Parameters;
  local?: LocalOptions;
  /** What differs from the run that `localRun` makes. */
  run?: Partial<LocalRun>;
  tokens: { text: string; p: number; others?: [text: string, p: number][] }[];
  finish?: Finish;
  /** Milliseconds. */
  ttft?: number;
  tpot?: number;
  seed?: number;
  /** Steps as they are recorded, where they are not drawn. */
  steps?: TokenStep[];
}

export const model = "smollm2-135m-instruct";

/** A call as the local runtime tells it: ChatML prompt with its markers, every step with its distribution and the sampler's stages. */
export function localCall(sample: LocalSample): Call {
  const { id, parent, issued, messages, parameters = {}, local = {}, tokens, ttft = 180, tpot = 14, seed = 1 } = sample;
  const prompt = local.raw ? rawPrompt(messages) : chatPrompt(messages);
  const stages = stagesOf(parameters);
  const events: CallEvent[] = [
    {
      type: "call-start",
      model: { provider: "local", asked: model, revision: "b179c952" },
      format: "local",
      request: {
        format: "local",
        model,
        messages: messages.map(({ role, text }, i) => ({
          role,
          at: `messages[${i}]`,
          parts: [{ type: "text", text, at: `messages[${i}].content` }],
        })),
        tools: [],
        parameters,
        notUnderstood: [],
        local,
      },
      issued,
    },
    { type: "prompt-tokens", tokens: prompt },
    {
      type: "local-run",
      run: {
        weights: {
          file: "SmolLM2-135M-Instruct.Q4_1.gguf",
          sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
          architecture: "llama",
          quantization: "Q4_1",
        },
        engine: { name: "onnxruntime", version: "1.30.0", threads: 2 },
        contextSize: local.contextSize ?? 2048,
        trainedContext: 8192,
        template: { used: local.raw ? "none" : local.template === undefined ? "model" : "request", modelHasOne: true },
        markers: ["<|im_start|>", "<|im_end|>"],
        specials: {
          bos: { id: 1 as TokenId, text: "<|im_start|>" },
          ends: [{ id: 2 as TokenId, text: "<|im_end|>" }],
          addBos: false,
        },
        sampler: {
          order: stages.map(([stage]) => stage),
          greedy: parameters.temperature === 0,
          ...(parameters.seed !== undefined && { seed: parameters.seed }),
        },
        ...sample.run,
      },
    },
  ];
  let at = ttft;
  const said: string[] = [];
  tokens.forEach((token, i) => {
    const step = sample.steps?.[i] ?? drawnStep(token, { stages, at, seed: seed * 7919 + i, penalised: said.slice() });
    events.push({ type: "text-delta", answer: 0, text: token.text, at }, { type: "token-step", answer: 0, step });
    if (parameters.repetitionPenalty !== undefined) said.push(token.text);
    at += tpot;
  });
  events.push(
    { type: "answer-finish", answer: 0, finish: sample.finish ?? { reason: "stop", raw: "<|im_end|>" }, at },
    { type: "usage", usage: { inputTokens: prompt.length, outputTokens: tokens.length, source: "tokenizer" } },
    { type: "response-end", at },
    { type: "closed", at: at + 1, by: "server" },
  );
  return foldCall(events, { id, ...(parent && { parent }), origin: { kind: "local" } });
}

/** Temperature 0 is greedy: no stage runs then. */
function stagesOf(parameters: Parameters): Stage[] {
  if (parameters.temperature === 0) return [];
  const stages: Stage[] = [];
  if (parameters.repetitionPenalty !== undefined) stages.push(["repetition_penalty", parameters.repetitionPenalty]);
  if (parameters.topK !== undefined) stages.push(["top_k", parameters.topK]);
  if (parameters.topP !== undefined) stages.push(["top_p", parameters.topP]);
  if (parameters.minP !== undefined) stages.push(["min_p", parameters.minP]);
  if (parameters.temperature !== undefined) stages.push(["temperature", parameters.temperature]);
  return stages;
}

function chatPrompt(messages: LocalSample["messages"]): PromptToken[] {
  const last = messages.length - 1;
  return [
    ...messages.flatMap(({ role, text }, i): PromptToken[] => [
      marker(1, "<|im_start|>"),
      ...words(role, "template"),
      ...words("\n", "template"),
      ...words(text, role === "system" ? "system" : i === last ? "user" : "history"),
      marker(2, "<|im_end|>"),
      ...words("\n", "template"),
    ]),
    marker(1, "<|im_start|>"),
    ...words("assistant", "template"),
    ...words("\n", "template"),
  ];
}

const rawPrompt = (messages: LocalSample["messages"]): PromptToken[] => messages.flatMap(({ text }) => words(text, "user"));

const marker = (id: number, text: string): PromptToken => ({ id: id as TokenId, bytes: utf8.encode(text), segment: "template", special: true });

const words = (text: string, segment: SegmentKind): PromptToken[] =>
  (text.match(/\n|\s?[\p{L}\p{N}_]{1,7}|\s?[^\s\p{L}\p{N}_]|\s/gu) ?? []).map((piece) => ({
    id: idOf(piece),
    bytes: utf8.encode(piece),
    segment,
  }));
