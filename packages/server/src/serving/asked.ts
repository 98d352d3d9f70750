import { isJsonObject, type JsonValue, type LocalOptions, type Parameters } from "@cutaway/core";
import { readAnswerFormat } from "./answer-format.ts";
import { refused } from "./api-error.ts";
import { type Fields, wrong } from "./fields.ts";
import { readSampler } from "./sampler-fields.ts";

/** What chat and text completions are asked in the same words. */
export interface Asked {
  /** The seed is that of the first choice; the second has the next, and so on. */
  parameters: Parameters;
  n: number;
  stream: boolean;
  includeUsage: boolean;
  /** What only a local model can be told. */
  local: Pick<LocalOptions, "constraint">;
  /** Alternatives to tell of each token of the prompt (vLLM's `prompt_logprobs`). */
  promptLogprobs?: number;
}

/** Alternatives that the runtime records a step. */
export const mostLogprobs = 100;
const mostChoices = 128;

/**
 * Takes what has an effect, refuses what has none. A seed beside a temperature of 0 is taken: it asks for the same answer every time, and that is what comes.
 * @throws `invalid-parameter` naming the field
 */
export function readAsked(fields: Fields): Asked {
  const temperature = fields.number("temperature");
  const topK = fields.whole("top_k", -1);
  const seed = fields.whole("seed", Number.MIN_SAFE_INTEGER);
  const isGreedy = temperature === 0 || topK === 1;
  const n = fields.whole("n", 1, mostChoices) ?? 1;
  if (n > 1 && isGreedy)
    throw refused("n", `n is ${n}, and at a temperature of 0 all answers are the same`, "Leave n out, or raise the temperature.");
  const stream = fields.flag("stream") ?? false;
  refuseUnsupported(fields);
  const { responseFormat, local = {} } = readAnswerFormat(fields);
  const promptLogprobs = fields.whole("prompt_logprobs", 0, mostLogprobs);
  if (promptLogprobs !== undefined && stream) throw refused("prompt_logprobs", "prompt_logprobs cannot be streamed", "Set stream to false.");
  return {
    parameters: given({
      temperature,
      topK: topK === -1 ? 0 : topK,
      ...readSampler(fields),
      seed: isGreedy ? undefined : seed,
      stop: stopOf(fields.value("stop")),
      n: n === 1 ? undefined : n,
      responseFormat,
    }),
    local,
    n,
    stream,
    includeUsage: includeUsage(fields, stream),
    ...(promptLogprobs !== undefined && { promptLogprobs }),
  };
}

/** Fields of OpenAI's and vLLM's APIs that clients set to what happens anyway. */
function refuseUnsupported(fields: Fields): void {
  fields.neutral("store", [false], "every call is recorded where the server records, and none where it does not.");
  fields.neutral("service_tier", ["auto", "default"], "there is one.");
  fields.neutral("user", [""], "nobody looks at it. Tags of recorded calls come in the header x-cutaway-tag.");
}

function includeUsage(fields: Fields, stream: boolean): boolean {
  const options = fields.value("stream_options");
  if (options === undefined) return false;
  if (!stream) throw refused("stream_options", "stream_options would have no effect: the answer is not streamed", "Set stream to true.");
  if (!isJsonObject(options)) throw wrong("stream_options", "an object", options);
  for (const [name, value] of Object.entries(options)) {
    if (typeof value !== "boolean") throw wrong(`stream_options.${name}`, "true or false", value ?? null);
    if (name !== "include_usage" && value)
      throw refused(`stream_options.${name}`, `stream_options.${name} would have no effect here`, "Leave it out.");
  }
  return options.include_usage === true;
}

function stopOf(stop: JsonValue | undefined): string[] | undefined {
  if (stop === undefined) return undefined;
  const stops = Array.isArray(stop) ? stop : [stop];
  if (!stops.every((text): text is string => typeof text === "string" && text !== "")) throw wrong("stop", "a text, or a list of texts", stop);
  return stops.length === 0 ? undefined : stops;
}

export const given = <T extends object>(fields: T): { [name in keyof T]?: Exclude<T[name], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [name in keyof T]?: Exclude<T[name], undefined> };
