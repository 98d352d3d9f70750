import { CutawayError, isJsonObject, type JsonValue, type Parameters } from "@cutaway/core";
import { parameterNames } from "../render/set-arguments.ts";

/** Changes of parameters; a name with `undefined` is to be left out of the request. */
export type ParameterChanges = { [name in keyof Parameters]?: Parameters[name] | undefined };

type Kind = "number" | "whole" | "positive" | "flag" | "text" | "texts" | "object" | "any";

const kinds: Record<keyof Parameters, Kind> = {
  temperature: "number",
  topP: "number",
  topK: "whole",
  minP: "number",
  maxOutputTokens: "positive",
  stop: "texts",
  seed: "whole",
  frequencyPenalty: "number",
  presencePenalty: "number",
  repetitionPenalty: "number",
  logitBias: "object",
  logprobs: "flag",
  topLogprobs: "whole",
  n: "positive",
  stream: "flag",
  streamUsage: "flag",
  responseFormat: "object",
  toolChoice: "any",
  parallelToolCalls: "flag",
  reasoning: "object",
  verbosity: "text",
  serviceTier: "text",
  truncation: "text",
  promptCacheKey: "text",
  user: "text",
};

const wanted: Record<Kind, string> = {
  number: "a number",
  whole: "a whole number",
  positive: "a whole number, 1 or more",
  flag: "true or false",
  text: "a text",
  texts: "a text or a JSON list of texts",
  object: "a JSON object",
  any: "JSON or a text",
};

/** Other spellings of wire formats for the same parameter. */
const aliases: Record<string, keyof Parameters> = {
  max_completion_tokens: "maxOutputTokens",
  max_output_tokens: "maxOutputTokens",
  max_new_tokens: "maxOutputTokens",
  stop_sequences: "stop",
};

const byName = new Map<string, keyof Parameters>([
  ...(Object.entries(parameterNames) as [keyof Parameters, string][]).flatMap(([name, spelling]): [string, keyof Parameters][] => [
    [spelling, name],
    [name, name],
  ]),
  ...Object.entries(aliases),
]);

/** `max_tokens=800`, `stop=["\n\n"]`, `seed=` (left out) → changes; later ones win. */
export function parseSet(items: readonly string[]): ParameterChanges {
  const changes: Record<string, unknown> = {};
  for (const item of items) {
    const at = item.indexOf("=");
    const spelled = at < 0 ? item : item.slice(0, at);
    const name = byName.get(spelled);
    if (!name) {
      throw new CutawayError("unknown-parameter", `--set: "${spelled}" is no parameter`, {
        fix: spelled === "model" ? "Use --model." : `Known are ${Object.values(parameterNames).join(", ")}.`,
      });
    }
    if (at < 0)
      throw new CutawayError("bad-option", `--set ${item}: the value is missing`, { fix: `Write ${item}=VALUE, or ${item}= to leave it out.` });
    changes[name] = parameterValue(item.slice(at + 1), name, spelled);
  }
  return changes as ParameterChanges;
}

function parameterValue(text: string, name: keyof Parameters, spelled: string): unknown {
  if (text === "") return undefined;
  const kind = kinds[name];
  const json = parsed(text);
  const fits: Record<Kind, () => unknown> = {
    number: () => (typeof json === "number" ? json : undefined),
    whole: () => (typeof json === "number" && Number.isSafeInteger(json) ? json : undefined),
    positive: () => (typeof json === "number" && Number.isSafeInteger(json) && json > 0 ? json : undefined),
    flag: () => (typeof json === "boolean" ? json : undefined),
    text: () => (typeof json === "string" ? json : text),
    texts: () =>
      Array.isArray(json) ? (json.every((part) => typeof part === "string") ? json : undefined) : [typeof json === "string" ? json : text],
    object: () => (isJsonObject(json) ? json : undefined),
    any: () => json ?? text,
  };
  const value = fits[kind]();
  if (value === undefined)
    throw new CutawayError("bad-option", `--set ${spelled}: "${text}" is not ${wanted[kind]}`, { fix: `Give ${wanted[kind]}.` });
  return value;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** The parameters with the changes made; what is to be left out is gone. */
export function withChanges(parameters: Parameters, changes: ParameterChanges): Parameters {
  const changed: Record<string, unknown> = { ...parameters };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return changed as Parameters;
}
