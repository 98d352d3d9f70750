import {
  type Access,
  type CallError,
  type CallEvent,
  encodeUtf8,
  type Finish,
  type Model,
  type Random,
  type Request,
  seededRandom,
  type TokenStep,
} from "@cutaway/core";

/** What a scripted model answers. A text alone is an answer that ends by itself. */
export type ScriptedAnswer =
  | string
  | {
      text?: string;
      /** Default: `stop`. */
      finish?: Finish;
      steps?: TokenStep[];
      /** In place of the rest of the answer, and of its end. */
      error?: CallError;
      promptTokens?: number;
      outputTokens?: number;
    };

export interface ScriptedModelOptions {
  name?: string;
  /** Of the random numbers that the script draws; default 1. A request with a seed of its own gets the numbers of that seed, every time. */
  seed?: number;
  /** Default: text and seed. */
  access?: Access;
  contextWindow?: number;
}

/** A model whose answers a test writes, as draws from a distribution that depends on the request. Cheap: no clock, no IO, five events a call. */
export function scriptedModel(script: (request: Request, random: Random) => ScriptedAnswer, options: ScriptedModelOptions = {}): Model {
  const { name = "scripted", seed = 1, access = { text: true, seed: true }, contextWindow } = options;
  const shared = seededRandom(seed);
  return {
    ref: { provider: "local", asked: name, served: name },
    access,
    ...(contextWindow !== undefined && { contextWindow }),
    async *call(request, signal): AsyncGenerator<CallEvent> {
      yield { type: "call-start", model: { provider: "local", asked: request.model, served: name }, format: request.format, request };
      if (signal?.aborted) {
        yield { type: "closed", by: "client" };
        return;
      }
      const { seed: own } = request.parameters;
      yield* answerEvents(script(request, own === undefined ? shared : seededRandom(own)));
      yield { type: "closed", by: "server" };
    },
  };
}

function* answerEvents(answer: ScriptedAnswer): Generator<CallEvent> {
  const { text, finish = { reason: "stop" }, steps, error, promptTokens, outputTokens } = typeof answer === "string" ? { text: answer } : answer;
  if (text) yield { type: "text-delta", answer: 0, text };
  for (const step of steps ?? []) yield { type: "token-step", answer: 0, step };
  if (promptTokens !== undefined || outputTokens !== undefined) {
    yield {
      type: "usage",
      usage: {
        ...(promptTokens !== undefined && { inputTokens: promptTokens }),
        ...(outputTokens !== undefined && { outputTokens }),
        source: "tokenizer",
      },
    };
  }
  if (error) {
    yield { type: "call-error", error };
    return;
  }
  yield { type: "answer-finish", answer: 0, finish };
  yield { type: "response-end" };
}

/** Steps without distributions, one for every text. */
export const stepsOf = (...texts: string[]): TokenStep[] => texts.map((text) => ({ bytes: encodeUtf8(text) }));
