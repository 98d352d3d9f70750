import type { JsonObject, JsonValue, Request } from "@cutaway/core";
import { localRequest } from "@cutaway/runtime";
import { refused } from "./api-error.ts";
import { type Asked, given, mostLogprobs, readAsked } from "./asked.ts";
import { Fields, wrong } from "./fields.ts";

export interface CompletionRequest extends Asked {
  /** One for each prompt. */
  requests: Request[];
  /** Alternatives to tell of each token; absent: no logprobs at all. */
  logprobs?: number;
  /** The text of the answer begins with the prompt. */
  echo: boolean;
  /** The prompt's end is healed: see `healRequest`. */
  heal: boolean;
  /** `max_tokens` is 0: the prompt alone, echoed. */
  isPromptOnly: boolean;
}

/** As in OpenAI's API: an answer is short where nobody says otherwise. */
const defaultMaxTokens = 16;
/** Of one request. */
const mostAnswers = 128;

/** The body of POST /v1/completions. @throws `invalid-parameter` naming the field */
export function readCompletionRequest(body: JsonObject, model: { name: string }): CompletionRequest {
  const fields = new Fields(body);
  fields.value("model");
  const asked = readAsked(fields);
  const echo = fields.flag("echo") ?? false;
  const heal = fields.flag("heal") ?? false;
  const maxTokens = fields.whole("max_tokens", 0) ?? defaultMaxTokens;
  if (maxTokens === 0 && heal) throw refused("heal", "heal would have no effect: no answer is generated", "Leave heal out.");
  if (maxTokens === 0 && !echo)
    throw refused("max_tokens", "max_tokens is 0, and without echo there would be nothing to answer", "Ask for one token, or set echo to true.");
  if (maxTokens === 0 && asked.n > 1) throw refused("n", "n would have no effect: no answer is generated", "Leave n out.");
  const logprobs = fields.whole("logprobs", 0, mostLogprobs);
  fields.neutral("best_of", [1, asked.n], "all answers are returned.");
  fields.neutral("suffix", [""], "a model that goes on from a text does not know what is to come after it.");
  const prompts = promptsOf(fields.value("prompt"));
  if (prompts.length * asked.n > mostAnswers)
    throw refused(
      "prompt",
      `${prompts.length} prompts with ${asked.n} answers each were asked for; ${mostAnswers} answers are given at once`,
      "Send several requests.",
    );
  fields.end();
  const parameters = { ...asked.parameters, ...given({ maxOutputTokens: maxTokens || undefined, topLogprobs: logprobs }) };
  const requests = prompts.map((prompt): Request => {
    if (typeof prompt !== "string")
      return { ...localRequest({ model: model.name, messages: [], parameters }), local: { ...asked.local, tokens: prompt } };
    return localRequest({
      model: model.name,
      messages: [{ role: "user", text: prompt }],
      parameters,
      local: { ...asked.local, raw: true, parseSpecial: true },
    });
  });
  return { ...asked, requests, echo, heal, isPromptOnly: maxTokens === 0, ...(logprobs !== undefined && { logprobs }) };
}

/** A text, token ids, or a list of either. */
function promptsOf(prompt: JsonValue | undefined): (string | number[])[] {
  const isIds = (value: JsonValue): value is number[] => Array.isArray(value) && value.length > 0 && value.every(Number.isSafeInteger);
  const prompts = typeof prompt === "string" || (prompt !== undefined && isIds(prompt)) ? [prompt] : prompt;
  const isPrompt = (value: JsonValue): value is string | number[] => (typeof value === "string" && value !== "") || isIds(value);
  if (!Array.isArray(prompts) || prompts.length === 0 || !prompts.every(isPrompt))
    throw wrong("prompt", "a text that is not empty, a list of token ids, or a list of such prompts", prompt ?? null);
  return prompts;
}
