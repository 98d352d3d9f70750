import { type CallId, decodeUtf8, type Finish, type JsonObject, newCallId, type PromptToken } from "@cutaway/core";
import { type HealedModel, healRequest } from "@cutaway/runtime";
import type { CompletionRequest } from "./completion-request.ts";
import { promptLogprobs, promptTextTokens, type TextToken, textLogprobs, textTokens } from "./logprobs.ts";
import { openAnswers } from "./open-answers.ts";
import { type Reply, type Serving, throwFailure } from "./reply.ts";
import { type ServableModel, tokenizerOf } from "./servable-model.ts";
import { finishReason, usageCounter } from "./usage.ts";

/** Answers a text completion request. @throws before anything is generated, what is wrong with the request */
export async function serveCompletion(asked: CompletionRequest, serving: Serving): Promise<Reply> {
  const { model, calls, signal } = serving;
  const id: CallId = newCallId();
  const healed = asked.heal ? asked.requests.map((request) => healRequest(request, serving.promptOf(request), healedModel(model))) : undefined;
  const requests = healed?.map(({ request }) => request) ?? asked.requests;
  const head = {
    id: `cmpl-${id}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1000),
    model: serving.name,
    system_fingerprint: serving.fingerprint,
    // What each answer repeats of its prompt's end.
    ...(healed && { healed: healed.map(({ begins }) => begins) }),
  };
  const { prompts, pieces } = asked.isPromptOnly
    ? { prompts: asked.requests.map((request) => serving.promptOf(request)), pieces: nothing() }
    : await openAnswers(calls, requests, model.info.contextSize, signal, id);
  const usage = usageCounter(prompts);
  const answers = asked.requests.length * asked.n;
  const logprobsOf = Array.from({ length: answers }, () => (asked.logprobs === undefined ? undefined : textLogprobs(asked.logprobs)));

  if (asked.stream) return { events: chunks() };
  return { body: await whole() };

  /** What of the prompt belongs to its answers, once for all of them. */
  async function echoed(at: number): Promise<{ text: string; tokens: TextToken[]; json?: JsonObject["prompt_logprobs"] }> {
    const prompt = prompts[at] ?? [];
    const depth = Math.max(asked.echo ? (asked.logprobs ?? -1) : -1, asked.promptLogprobs ?? -1);
    const scored = depth < 0 ? [] : await serving.score(prompt, depth);
    return {
      text: asked.echo ? textOf(prompt) : "",
      tokens: asked.echo ? promptTextTokens(prompt, scored) : [],
      ...(asked.promptLogprobs !== undefined && { json: promptLogprobs(scored, asked.promptLogprobs, serving.bytesOf) }),
    };
  }

  async function* chunks(): AsyncGenerator<JsonObject> {
    const chunk = (index: number, text: string, tokens: readonly TextToken[], finish: Finish | "length" | null): JsonObject => ({
      ...head,
      choices: [
        {
          index,
          text,
          logprobs: logprobsOf[index]?.(tokens) ?? null,
          finish_reason: typeof finish === "string" || !finish ? finish : finishReason(finish),
        },
      ],
      ...(asked.includeUsage && { usage: null }),
    });
    for (let at = 0; at < prompts.length; at++) {
      const { text, tokens } = await echoed(at);
      if (!asked.echo) skip(prompts[at] ?? [], at);
      else for (let choice = 0; choice < asked.n; choice++) yield chunk(at * asked.n + choice, text, tokens, asked.isPromptOnly ? "length" : null);
    }
    for await (const [request, piece] of pieces) {
      usage.note(piece);
      throwFailure(piece);
      if (!("choice" in piece)) continue;
      const answer = request * asked.n + piece.choice;
      if (piece.type === "text") yield chunk(answer, piece.text, textTokens(piece.steps), null);
      if (piece.type === "end") yield chunk(answer, "", [], piece.finish);
    }
    if (asked.includeUsage) yield { ...head, choices: [], usage: usage.json() };
  }

  async function whole(): Promise<JsonObject> {
    const echoes: Awaited<ReturnType<typeof echoed>>[] = [];
    for (let at = 0; at < prompts.length; at++) echoes.push(await echoed(at));
    const made = Array.from({ length: answers }, (_, answer) => {
      const { text, tokens } = echoes[Math.floor(answer / asked.n)] as (typeof echoes)[number];
      return { text, tokens: [...tokens], finish: "length" as string };
    });
    for await (const [request, piece] of pieces) {
      usage.note(piece);
      throwFailure(piece);
      if (!("choice" in piece)) continue;
      const answer = request * asked.n + piece.choice;
      const one = made[answer] as (typeof made)[number];
      if (piece.type === "text") {
        one.text += piece.text;
        one.tokens.push(...textTokens(piece.steps));
      } else if (piece.type === "end") one.finish = finishReason(piece.finish);
    }
    if (!asked.echo) prompts.forEach(skip);
    return {
      ...head,
      choices: made.map(({ text, tokens, finish }, index) => {
        const json = echoes[Math.floor(index / asked.n)]?.json;
        return {
          index,
          text,
          logprobs: logprobsOf[index]?.(tokens) ?? null,
          finish_reason: finish,
          ...(json !== undefined && { prompt_logprobs: json }),
        };
      }),
      usage: usage.json(),
    };
  }

  /** Offsets are those in prompt and answer together, whether the prompt is echoed or not. */
  function skip(prompt: PromptToken[], at: number): void {
    for (let choice = 0; choice < asked.n; choice++) logprobsOf[at * asked.n + choice]?.(promptTextTokens(prompt, []));
  }
}

const healedModel = (model: ServableModel): HealedModel => ({
  tokenizer: tokenizerOf(model),
  isEncoderDecoder: model.info.decoderStart !== undefined,
});

/** A BOS that the model's file asks for is read by the model and was not written by anybody. */
function textOf(prompt: readonly PromptToken[]): string {
  return decodeUtf8(Buffer.concat(prompt.filter(({ segment, special }) => !(special && segment === "template")).map(({ bytes }) => bytes)));
}

async function* nothing(): AsyncGenerator<never> {}
