import type { Call, Change } from "@cutaway/core";
import { type Counted, setLocal } from "./changes.ts";
import { count } from "./words.ts";

/** Room for an answer whose length nobody capped. */
const roomForAnswer = 512;

/**
 * A context that holds a prompt of so many tokens and the answer, in steps of 256 up to what the model was trained for.
 * returns undefined where there is no larger one to have
 */
export function largerContext(call: Call, prompt: number, counted: Counted, answer = roomForAnswer): Change | undefined {
  const { local, request } = call;
  if (!local || !request) return undefined;
  const room = request.parameters.maxOutputTokens ?? answer;
  const size = Math.min(Math.ceil((prompt + room) / 256) * 256, local.trainedContext);
  if (size <= local.contextSize || size <= prompt) return undefined;
  return setLocal(
    `raise the context size from ${count(local.contextSize)} to ${count(size)}: the prompt takes ${count(prompt)}, and the model was trained for ${count(local.trainedContext)}`,
    { contextSize: size },
    counted,
  );
}
