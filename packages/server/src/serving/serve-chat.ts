import { type CallId, type JsonObject, type JsonValue, newCallId, type TokenStep, type ToolCall } from "@cutaway/core";
import type { ChatRequest } from "./chat-request.ts";
import { chatLogprobs, promptLogprobs } from "./logprobs.ts";
import { openAnswers } from "./open-answers.ts";
import type { Piece } from "./pieces.ts";
import type { Reply, Serving } from "./reply.ts";
import { throwFailure } from "./reply.ts";
import { createToolCallReader, type ToolPart } from "./tool-calls.ts";
import { finishReason, usageCounter } from "./usage.ts";

/** Answers a chat completion request. @throws before anything is generated, what is wrong with the request */
export async function serveChat(asked: ChatRequest, serving: Serving): Promise<Reply> {
  const { model, calls, signal } = serving;
  const id: CallId = newCallId();
  const head = { id: `chatcmpl-${id}`, created: Math.floor(Date.now() / 1000), model: serving.name, system_fingerprint: serving.fingerprint };
  const { prompts, pieces } = await openAnswers(calls, [asked.request], model.info.contextSize, signal, id);
  const usage = usageCounter(prompts);
  const choices = Array.from({ length: asked.n }, () => (asked.hasTools ? createToolCallReader() : undefined));
  const partsOf = (piece: Extract<Piece, { choice: number }>): ToolPart[] => {
    const reader = choices[piece.choice];
    if (piece.type === "text") return reader ? reader.push(piece.text) : [{ text: piece.text }];
    return reader ? reader.end() : [];
  };

  if (asked.stream) return { events: chunks() };
  return { body: await whole() };

  async function* chunks(): AsyncGenerator<JsonObject> {
    const chunk = (index: number, delta: JsonObject, more: JsonObject = {}): JsonObject => ({
      ...head,
      object: "chat.completion.chunk",
      choices: [{ index, delta, logprobs: null, finish_reason: null, ...more }],
      ...(asked.includeUsage && { usage: null }),
    });
    for (let choice = 0; choice < asked.n; choice++) yield chunk(choice, { role: "assistant", content: "" });
    const callsMade = choices.map(() => 0);
    for await (const [, piece] of pieces) {
      usage.note(piece);
      throwFailure(piece);
      if (!("choice" in piece)) continue;
      const { choice } = piece;
      let steps = piece.type === "text" ? piece.steps : [];
      for (const part of partsOf(piece)) {
        const delta =
          "text" in part
            ? { content: part.text }
            : { tool_calls: [{ index: callsMade[choice] as number, ...toolCallJson(part.call, head.id, choice, callsMade[choice] as number) }] };
        if ("call" in part) callsMade[choice] = (callsMade[choice] as number) + 1;
        yield chunk(choice, delta, withLogprobs(steps));
        steps = [];
      }
      // Tokens of a call that is not whole yet.
      if (steps.length > 0 && asked.logprobs !== undefined) yield chunk(choice, {}, withLogprobs(steps));
      if (piece.type === "end") yield chunk(choice, {}, { finish_reason: finishReason(piece.finish, (callsMade[choice] ?? 0) > 0) });
    }
    if (asked.includeUsage) yield { ...head, object: "chat.completion.chunk", choices: [], usage: usage.json() };
  }

  function withLogprobs(steps: readonly TokenStep[]): JsonObject {
    return asked.logprobs === undefined ? {} : { logprobs: { content: chatLogprobs(steps, asked.logprobs), refusal: null } };
  }

  async function whole(): Promise<JsonObject> {
    const scored = asked.promptLogprobs === undefined ? undefined : await serving.score(prompts[0] ?? [], asked.promptLogprobs);
    const made = choices.map(() => ({ text: "", toolCalls: [] as ToolCall[], steps: [] as TokenStep[], finish: "stop" as string }));
    for await (const [, piece] of pieces) {
      usage.note(piece);
      throwFailure(piece);
      if (!("choice" in piece)) continue;
      const { choice } = piece;
      const answer = made[choice] as (typeof made)[number];
      for (const part of partsOf(piece)) {
        if ("text" in part) answer.text += part.text;
        else answer.toolCalls.push(part.call);
      }
      if (piece.type === "text") answer.steps.push(...piece.steps);
      if (piece.type === "end") answer.finish = finishReason(piece.finish, answer.toolCalls.length > 0);
    }
    return {
      ...head,
      object: "chat.completion",
      choices: made.map(
        ({ text, toolCalls, steps, finish }, index): JsonValue => ({
          index,
          message: {
            role: "assistant",
            content: toolCalls.length > 0 && text === "" ? null : text,
            refusal: null,
            ...(toolCalls.length > 0 && { tool_calls: toolCalls.map((call, at) => toolCallJson(call, head.id, index, at)) }),
          },
          logprobs: asked.logprobs === undefined ? null : { content: chatLogprobs(steps, asked.logprobs), refusal: null },
          finish_reason: finish,
        }),
      ),
      usage: usage.json(),
      ...(scored && asked.promptLogprobs !== undefined && { prompt_logprobs: promptLogprobs(scored, asked.promptLogprobs, serving.bytesOf) }),
    };
  }
}

const toolCallJson = ({ name, arguments: args }: ToolCall, id: string, choice: number, at: number): JsonObject => ({
  id: `call_${id.slice(-10)}_${choice}_${at}`,
  type: "function",
  function: { name, arguments: args },
});
