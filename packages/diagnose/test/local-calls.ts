import {
  type Alternative,
  type Call,
  type CallEvent,
  type CallId,
  encodeUtf8,
  type Finish,
  foldCall,
  type LocalOptions,
  type LocalRun,
  type Parameters,
  type PromptToken,
  type Request,
  type SegmentKind,
  type TokenId,
  type TokenStep,
} from "@cutaway/core";
import { request, user } from "./calls.ts";

/** A request to the local runtime; greedy unless told otherwise. */
export const localRequest = (fields: Partial<Request> & { local?: LocalOptions; parameters?: Parameters } = {}): Request =>
  request({ format: "local", model: "tiny", parameters: { temperature: 0 }, local: {}, messages: [user("Tell me about rivers.")], ...fields });

/** Ids are given to texts as they come: the same text has the same id everywhere. */
const ids = new Map<string, number>([
  ["<|im_start|>", 1],
  ["<|im_end|>", 2],
]);
export function idOf(text: string): TokenId {
  const known = ids.get(text) ?? ids.size + 1;
  ids.set(text, known);
  return known as TokenId;
}

const bos = { id: idOf("<|im_start|>"), text: "<|im_start|>" };
const end = { id: idOf("<|im_end|>"), text: "<|im_end|>" };

export const marker = (text: "<|im_start|>" | "<|im_end|>"): PromptToken => ({
  id: idOf(text),
  bytes: encodeUtf8(text),
  segment: "template",
  special: true,
});

/** Words with the space before them, and line breaks: as a tokenizer would cut. */
export const words = (text: string): string[] => text.match(/\n|[ ]?[^\s]+| +/g) ?? [];
export const plainTokens = (text: string, segment: SegmentKind): PromptToken[] =>
  words(text).map((word) => ({ id: idOf(word), bytes: encodeUtf8(word), segment }));

/** The messages in the template of ChatML. */
export function chatPrompt({ messages }: Request): PromptToken[] {
  const turns = messages.flatMap(({ role, parts }, i) => {
    const segment: SegmentKind = role === "system" ? "system" : i === messages.length - 1 ? "user" : "history";
    const said = parts.flatMap((part) => (part.type === "text" ? plainTokens(part.text, segment) : []));
    return [marker("<|im_start|>"), ...plainTokens(`${role}\n`, "template"), ...said, marker("<|im_end|>"), ...plainTokens("\n", "template")];
  });
  return [...turns, marker("<|im_start|>"), ...plainTokens("assistant\n", "template")];
}

export const rawPrompt = ({ messages }: Request): PromptToken[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? plainTokens(part.text, "user") : [])));

export function localRun(asked: Request, more: Partial<LocalRun> = {}): LocalRun {
  const greedy = asked.parameters.temperature === 0;
  const { raw, template, contextSize = 8_192 } = asked.local ?? {};
  return {
    weights: { file: "tiny.gguf", architecture: "llama", quantization: "Q4_1" },
    engine: { name: "onnxruntime", version: "1.30.0", threads: 2 },
    contextSize,
    trainedContext: 8_192,
    template: { used: raw ? "none" : template === undefined ? "model" : "request", modelHasOne: true },
    markers: ["<|im_start|>", "<|im_end|>"],
    specials: { bos, ends: [end], addBos: false },
    sampler: { order: greedy ? ["temperature"] : [], greedy, ...(!greedy && { seed: asked.parameters.seed ?? 77 }) },
    ...more,
  };
}

/** A step at a probability, with others beside it. */
export function step(text: string, probability = 0.9, others: Record<string, number> = {}, more: Partial<TokenStep> = {}): TokenStep {
  const alternative = (said: string, p: number): Alternative => ({
    id: idOf(said === "" ? "<|im_end|>" : said),
    bytes: encodeUtf8(said),
    logprob: Math.log(p),
    sampledLogprob: Math.log(p),
  });
  const top = [alternative(text, probability), ...Object.entries(others).map(([said, p]) => alternative(said, p))].sort(
    (a, b) => b.logprob - a.logprob,
  );
  return {
    id: idOf(text === "" ? "<|im_end|>" : text),
    bytes: encodeUtf8(text),
    logprob: Math.log(probability),
    sampledLogprob: Math.log(probability),
    rank: top.findIndex(({ bytes }) => new TextDecoder().decode(bytes) === text),
    entropy: 0.3,
    top,
    ...more,
  };
}

interface LocalFields {
  asked?: Request;
  /** The answer's text, or its steps. */
  answer?: string | TokenStep[];
  finish?: Finish["reason"];
  prompt?: PromptToken[];
  run?: Partial<LocalRun>;
}

/** The events of a whole local call, as the runtime sends them. */
export function localEvents({
  asked = localRequest(),
  answer = "Rivers begin as springs.",
  finish = "stop",
  prompt,
  run = {},
}: LocalFields = {}): CallEvent[] {
  const tokens = prompt ?? (asked.local?.raw ? rawPrompt(asked) : chatPrompt(asked));
  const steps = typeof answer === "string" ? words(answer).map((word) => step(word)) : answer;
  const written = finish === "stop" ? [...steps, step("", 0.95)] : steps;
  return [
    {
      type: "call-start",
      model: { provider: "local", asked: asked.model, served: "tiny" },
      format: "local",
      request: asked,
      issued: 1_750_000_000_000,
    },
    { type: "prompt-tokens", tokens },
    { type: "local-run", run: localRun(asked, run) },
    ...written.flatMap((one, i): CallEvent[] => {
      const text = new TextDecoder().decode(one.bytes);
      const at = 20 + i;
      return [{ type: "token-step", answer: 0, step: { at, ...one } }, ...(text ? [{ type: "text-delta" as const, answer: 0, text, at }] : [])];
    }),
    {
      type: "usage",
      usage: { inputTokens: tokens.length, outputTokens: written.length, totalTokens: tokens.length + written.length, source: "tokenizer" },
    },
    { type: "answer-finish", answer: 0, finish: { reason: finish, raw: finish === "stop" ? "<|im_end|>" : "length" } },
    { type: "response-end", at: 20 + written.length },
    { type: "closed", at: 20 + written.length, by: "server" },
  ];
}

export const localSeed = { id: "01K00000000000000000L0CA10" as CallId, origin: { kind: "local" as const } };
export const localCall = (fields: LocalFields = {}): Call => foldCall(localEvents(fields), localSeed);

/** A prompt that the runtime refused: nothing was read, nothing generated. */
export function refusedCall(asked: Request, promptTokens: number): Call {
  const run = localRun(asked);
  const message = `the prompt has ${promptTokens} tokens, and with one token of an answer it does not fit into a context of ${run.contextSize}`;
  const raw = { promptTokens, contextSize: run.contextSize };
  return foldCall(
    [
      { type: "call-start", model: { provider: "local", asked: asked.model }, format: "local", request: asked },
      { type: "local-run", run },
      { type: "call-error", error: { kind: "context-length", code: "prompt-too-long", message, raw } },
      { type: "closed", by: "server" },
    ],
    localSeed,
  );
}
