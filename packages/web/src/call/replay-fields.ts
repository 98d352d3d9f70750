import type { Parameters } from "@cutaway/core";

export interface ReplayField {
  name: keyof Parameters & string;
  hint: string;
  kind: "number" | "integer" | "boolean" | "list";
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

/** What stands in the form, as typed; empty is not set. */
export type Draft = { [name in ReplayField["name"]]?: string };

export function draftOf(parameters: Partial<Parameters>): Draft {
  const draft: Draft = {};
  for (const { name } of replayFields) {
    const value = parameters[name];
    if (value !== undefined) draft[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  return draft;
}

/**
 * The parameters that the form sets to something else than the call had. A field that was set and is emptied is wrong: a request
 * is changed by setting values, not by taking them away.
 */
export function changedParameters(before: Parameters, draft: Draft): { changes: Partial<Parameters>; wrong: string[] } {
  const changes: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const field of replayFields) {
    const text = (draft[field.name] ?? "").trim();
    if (text === "") {
      if (before[field.name] !== undefined) wrong.push(field.name);
      continue;
    }
    const value = parsed(field, text);
    if (value === undefined) wrong.push(field.name);
    else if (JSON.stringify(value) !== JSON.stringify(before[field.name])) changes[field.name] = value;
  }
  return { changes: changes as Partial<Parameters>, wrong };
}

function parsed({ kind }: ReplayField, text: string): number | boolean | string[] | undefined {
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (kind === "list") return listOf(text);
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
