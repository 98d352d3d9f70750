import type { LocalOptions, Parameters } from "@cutaway/core";

export interface ReplayField {
  name: (keyof Parameters | keyof LocalOptions) & string;
  hint: string;
  kind: "number" | "integer" | "boolean" | "list" | "text" | "choice";
  /** Of a choice. */
  values?: readonly string[];
}

/** The parameters most often changed. */
export const replayFields: readonly ReplayField[] = [
  { name: "temperature", hint: "0 is greedy", kind: "number" },
  { name: "topP", hint: "nucleus, 0 to 1", kind: "number" },
  { name: "maxOutputTokens", hint: "cap on the output", kind: "integer" },
  { name: "seed", hint: "where the API has it", kind: "integer" },
  { name: "frequencyPenalty", hint: "−2 to 2", kind: "number" },
  { name: "presencePenalty", hint: "−2 to 2", kind: "number" },
  { name: "stop", hint: "JSON list, or one text", kind: "list" },
  { name: "logprobs", hint: "probabilities of tokens", kind: "boolean" },
  { name: "topLogprobs", hint: "alternatives, 0 to 20", kind: "integer" },
];

/** What a local model is told: the parameters that its sampler has, and the options of the runtime. */
export const localFields: readonly ReplayField[] = [
  { name: "temperature", hint: "0 is greedy: takes no seed, no top_k", kind: "number" },
  { name: "topK", hint: "tokens kept", kind: "integer" },
  { name: "topP", hint: "nucleus, 0 to 1", kind: "number" },
  { name: "minP", hint: "share of the likeliest, 0 to 1", kind: "number" },
  { name: "typicalP", hint: "near the expected surprise, 0 to 1", kind: "number" },
  { name: "topNSigma", hint: "standard deviations below the best logit", kind: "number" },
  { name: "repetitionPenalty", hint: "1 changes nothing", kind: "number" },
  { name: "frequencyPenalty", hint: "for every time it was written", kind: "number" },
  { name: "presencePenalty", hint: "once it was written", kind: "number" },
  { name: "seed", hint: "same seed, same tokens", kind: "integer" },
  { name: "maxOutputTokens", hint: "cap on the output", kind: "integer" },
  { name: "stop", hint: "JSON list, or one text", kind: "list" },
  { name: "contextSize", hint: "prompt and answer together", kind: "integer" },
  { name: "overflow", hint: "a prompt longer than that", kind: "choice", values: ["refuse", "truncate-start", "truncate-end"] },
  { name: "raw", hint: "true: no chat template", kind: "choice", values: ["true"] },
  { name: "bos", hint: "begin with the BOS token", kind: "choice", values: ["auto", "always", "never"] },
  { name: "parseSpecial", hint: "markers in messages are tokens", kind: "boolean" },
  { name: "prefill", hint: "the answer begins with it", kind: "text" },
];

const localOptions = new Set(["template", "raw", "bos", "parseSpecial", "prefill", "contextSize", "overflow", "samplerOrder", "repetitionWindow"]);

/** What stands in the form, as typed; empty is not set. */
export type Draft = { [name in ReplayField["name"]]?: string };

type Settings = Partial<Parameters> & Partial<LocalOptions>;

export function draftOf(settings: Settings, fields: readonly ReplayField[]): Draft {
  const draft: Draft = {};
  for (const { name } of fields) {
    const value = settings[name];
    if (value !== undefined && value !== null) draft[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  return draft;
}

/** Settings that the form changes; null takes one out of the request. */
export type Changes = Record<string, unknown>;

/** What the form sets to something else than the call had; a field that was set and is emptied is taken out. */
export function changedSettings(before: Settings, draft: Draft, fields: readonly ReplayField[]): { changes: Changes; wrong: string[] } {
  const changes: Changes = {};
  const wrong: string[] = [];
  for (const field of fields) {
    const text = (draft[field.name] ?? "").trim();
    if (text === "") {
      if (before[field.name] !== undefined) changes[field.name] = null;
      continue;
    }
    const value = parsed(field, field.kind === "text" ? (draft[field.name] ?? "") : text);
    if (value === undefined) wrong.push(field.name);
    else if (JSON.stringify(value) !== JSON.stringify(before[field.name])) changes[field.name] = value;
  }
  return { changes, wrong };
}

/** The two parts of a request that settings belong to. */
export function byPart(changes: Changes): { set: Changes; local: Changes } {
  const entries = Object.entries(changes);
  return {
    set: Object.fromEntries(entries.filter(([name]) => !localOptions.has(name))),
    local: Object.fromEntries(entries.filter(([name]) => localOptions.has(name))),
  };
}

function parsed({ kind, name }: ReplayField, text: string): number | boolean | string | string[] | undefined {
  if (kind === "boolean" || name === "raw") return text === "true" ? true : text === "false" ? false : undefined;
  if (kind === "list") return listOf(text);
  if (kind === "text" || kind === "choice") return text;
  const number = Number(text.replace("−", "-"));
  if (!Number.isFinite(number)) return undefined;
  return kind === "integer" && !Number.isSafeInteger(number) ? undefined : number;
}

function listOf(text: string): string[] | undefined {
  if (!text.startsWith("[")) return [text];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((item) => typeof item === "string") ? list : undefined;
  } catch {
    return undefined;
  }
}
