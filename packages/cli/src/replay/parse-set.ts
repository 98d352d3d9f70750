import { CutawayError, isJsonObject, type JsonValue, type LocalOptions, type Parameters, type RequestFormat } from "@cutaway/core";
import { commaList } from "../parse-option.ts";
import { localNames, parameterNames } from "../render/set-arguments.ts";

/** A name with `undefined` is to be left out of the request. */
export type Changes<T> = { [name in keyof T]?: T[name] | undefined };

export interface RequestChanges {
  parameters: Changes<Parameters>;
  /** What only a local model can be told. */
  local: Changes<LocalOptions>;
}

type Name = keyof Parameters | keyof LocalOptions;
type Kind = "number" | "whole" | "positive" | "flag" | "yes" | "text" | "texts" | "names" | "ids" | "object" | "any";

const kinds: Record<Name, Kind> = {
  template: "text",
  raw: "yes",
  tokens: "ids",
  bos: "text",
  parseSpecial: "flag",
  prefill: "text",
  contextSize: "positive",
  overflow: "text",
  samplerOrder: "names",
  repetitionWindow: "positive",
  samplerPreset: "text",
  penaltyScope: "text",
  schedules: "object",
  constraint: "object",
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
  typicalP: "number",
  topNSigma: "number",
  topH: "number",
  epsilonCutoff: "number",
  etaCutoff: "number",
  noRepeatNgramSize: "whole",
  dryMultiplier: "number",
  dryBase: "number",
  dryAllowedLength: "whole",
  dryPenaltyLastN: "number",
  drySequenceBreakers: "texts",
  xtcProbability: "number",
  xtcThreshold: "number",
  mirostat: "whole",
  mirostatTau: "number",
  mirostatEta: "number",
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
  yes: "true (or nothing, to leave it out)",
  text: "a text",
  names: "names with commas between them",
  ids: "a JSON list of token ids",
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

const localByName = new Map<string, keyof LocalOptions>(
  (Object.entries(localNames) as [keyof LocalOptions, string][]).flatMap(([name, spelling]): [string, keyof LocalOptions][] => [
    [spelling, name],
    [name, name],
  ]),
);

const byName = new Map<string, keyof Parameters>([
  ...(Object.entries(parameterNames) as [keyof Parameters, string][]).flatMap(([name, spelling]): [string, keyof Parameters][] => [
    [spelling, name],
    [name, name],
  ]),
  ...Object.entries(aliases),
]);

/**
 * `max_tokens=800`, `stop=["\n\n"]`, `seed=` (left out) → changes; later ones win.
 * format  of the request; a local one takes the options of the local runtime too, `context_size=2048`.
 */
export function parseSet(items: readonly string[], format?: RequestFormat): RequestChanges {
  const parameters: Record<string, unknown> = {};
  const local: Record<string, unknown> = {};
  for (const item of items) {
    const at = item.indexOf("=");
    const spelled = at < 0 ? item : item.slice(0, at);
    const parameter = byName.get(spelled);
    const option = format === "local" ? localByName.get(spelled) : undefined;
    const name = parameter ?? option;
    if (!name) {
      const known = [...Object.values(parameterNames), ...(format === "local" ? Object.values(localNames) : [])];
      throw new CutawayError("unknown-parameter", `--set: "${spelled}" is no parameter`, {
        fix: spelled === "model" ? "Use --model." : `Known are ${known.join(", ")}.`,
      });
    }
    if (at < 0)
      throw new CutawayError("bad-option", `--set ${item}: the value is missing`, { fix: `Write ${item}=VALUE, or ${item}= to leave it out.` });
    (parameter ? parameters : local)[name] = readValue(item.slice(at + 1), name, spelled);
  }
  return { parameters, local } as RequestChanges;
}

function readValue(text: string, name: Name, spelled: string): unknown {
  if (text === "") return undefined;
  const kind = kinds[name];
  const json = parsed(text);
  const fits: Record<Kind, () => unknown> = {
    number: () => (typeof json === "number" ? json : undefined),
    whole: () => (typeof json === "number" && Number.isSafeInteger(json) ? json : undefined),
    positive: () => (typeof json === "number" && Number.isSafeInteger(json) && json > 0 ? json : undefined),
    flag: () => (typeof json === "boolean" ? json : undefined),
    yes: () => (json === true ? true : undefined),
    names: () => commaList(text),
    ids: () => (Array.isArray(json) && json.every(Number.isSafeInteger) ? json : undefined),
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

/** The fields with the changes made; what is to be left out is gone. */
export function withChanges<T extends object>(fields: T, changes: Changes<T>): T {
  const changed = { ...fields } as Record<string, unknown>;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return changed as T;
}
