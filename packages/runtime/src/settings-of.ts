import { CutawayError, type LocalOptions, type Parameters, type Request } from "@cutaway/core";
import { invalidParameter } from "./invalid-parameter.ts";
import type { LocalModelInfo } from "./model-info.ts";

/** What a request asks of the loop that generates; the sampler and the template read the request themselves. */
export interface Settings {
  contextSize: number;
  maxOutputTokens?: number;
  stop: string[];
  /** Alternatives recorded a step. */
  depth: number;
  /** How many answers to the one prompt. */
  answers: number;
  seed?: number;
}

/** Alternatives a step where the request does not say. */
const defaultDepth = 10;
/** Alternatives that can be recorded a step. */
export const deepest = 100;
/** Fewer positions hold no question and answer. */
const smallestContext = 16;
const mostAnswers = 128;
const mostStops = 64;
const longestStop = 1024;

/**
 * Reads the request, and refuses all of it that a local model would have to ignore.
 * throws `not-a-local-request`, `unsupported-parameter` (every one is named), `invalid-parameter` (with its range)
 */
export function settingsOf(request: Request, info: LocalModelInfo): Settings {
  if (request.format !== "local") {
    throw new CutawayError("not-a-local-request", `a request in the format ${request.format} cannot be run by a local model as it is`, {
      fix: "Make a local request of its messages and parameters (localRequest).",
      data: { format: request.format },
    });
  }
  refuseUnsupported(request);
  const { parameters, local = {} } = request;
  const { maxOutputTokens, stop = [], topLogprobs = defaultDepth, seed, n = 1 } = parameters;
  const { contextSize = info.contextSize } = local;
  requireWhole("maxOutputTokens", maxOutputTokens, 1, Number.MAX_SAFE_INTEGER);
  requireWhole("topLogprobs", topLogprobs, 0, deepest);
  requireWhole("n", n, 1, mostAnswers);
  requireWhole("seed", seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  requireStops(stop);
  requireTokens(local.tokens, info.vocabSize);
  requireType("local.template", local.template, "string", "a text");
  requireType("local.prefill", local.prefill, "string", "a text");
  requireType("local.raw", local.raw, "boolean", "true or false");
  requireType("local.parseSpecial", local.parseSpecial, "boolean", "true or false");
  if (local.samplerOrder !== undefined && !Array.isArray(local.samplerOrder))
    throw invalidParameter("local.samplerOrder", "takes a list of stages", local.samplerOrder);
  requireOneOf("local.bos", local.bos, ["auto", "always", "never"]);
  requireOneOf("local.overflow", local.overflow, ["refuse", "truncate-start", "truncate-end"]);
  requireWhole("local.contextSize", contextSize, Math.min(smallestContext, info.contextSize), info.contextSize, contextReason(info));
  return {
    contextSize,
    stop,
    depth: topLogprobs,
    answers: n,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(seed !== undefined && { seed }),
  };
}

/** Those that say what a local call does anyway are taken; any other value of them is refused. */
const supported: { [name in keyof Parameters]?: true | ((value: unknown) => boolean) } = {
  temperature: true,
  topP: true,
  topK: true,
  minP: true,
  repetitionPenalty: true,
  frequencyPenalty: true,
  presencePenalty: true,
  logitBias: true,
  typicalP: true,
  topNSigma: true,
  topH: true,
  epsilonCutoff: true,
  etaCutoff: true,
  noRepeatNgramSize: true,
  dryMultiplier: true,
  dryBase: true,
  dryAllowedLength: true,
  dryPenaltyLastN: true,
  drySequenceBreakers: true,
  xtcProbability: true,
  xtcThreshold: true,
  mirostat: true,
  mirostatTau: true,
  mirostatEta: true,
  maxOutputTokens: true,
  stop: true,
  seed: true,
  topLogprobs: true,
  logprobs: (value) => value === true,
  n: true,
  stream: (value) => value === true,
  streamUsage: (value) => value === true,
  responseFormat: (value) => ["text", "json", "json-schema"].includes((value as { type?: string } | null)?.type ?? ""),
};

const localOptions: Record<keyof LocalOptions, true> = {
  template: true,
  raw: true,
  tokens: true,
  bos: true,
  parseSpecial: true,
  prefill: true,
  contextSize: true,
  overflow: true,
  samplerOrder: true,
  repetitionWindow: true,
  samplerPreset: true,
  penaltyScope: true,
  schedules: true,
  constraint: true,
};

function refuseUnsupported({ parameters, local = {}, tools, messages }: Request): void {
  const names: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    const rule = Object.hasOwn(supported, name) ? supported[name as keyof Parameters] : undefined;
    if (rule === undefined) names.push(name);
    else if (rule !== true && !rule(value)) names.push(`${name}: ${JSON.stringify(value)}`.slice(0, 100));
  }
  for (const [name, value] of Object.entries(local)) if (value !== undefined && !Object.hasOwn(localOptions, name)) names.push(`local.${name}`);
  if (local.raw && local.template !== undefined) names.push("local.template beside local.raw");
  if (local.tokens !== undefined) {
    for (const name of ["template", "raw", "bos", "parseSpecial"] as const)
      if (local[name] !== undefined) names.push(`local.${name} beside local.tokens`);
    if (messages.length > 0) names.push("messages beside local.tokens");
  }
  const hasTemplate = !local.raw && local.tokens === undefined;
  if (tools.length > 0 && !hasTemplate) names.push("tools without a chat template");
  for (const { at, parts, name } of messages) {
    if (name !== undefined) names.push(`${at}.name`);
    for (const part of parts) {
      const isTaken = part.type === "text" || (hasTemplate && (part.type === "tool-call" || part.type === "tool-result"));
      if (!isTaken) names.push(`${part.at} (${part.type})`);
      if (part.cacheBreakpoint) names.push(`${part.at}.cacheBreakpoint`);
    }
  }
  if (names.length === 0) return;
  const shown = names.slice(0, 10).join(", ") + (names.length > 10 ? `, … (${names.length} in all)` : "");
  throw new CutawayError("unsupported-parameter", `the local runtime does not support ${shown}`, {
    fix: names.length === 1 ? "Leave it out." : "Leave them out.",
    data: { parameters: names },
  });
}

function requireStops(stop: unknown): void {
  const isGood =
    Array.isArray(stop) && stop.length <= mostStops && stop.every((text) => typeof text === "string" && text !== "" && text.length <= longestStop);
  if (!isGood) throw invalidParameter("stop", `takes up to ${mostStops} texts of 1 to ${longestStop} characters`, stop);
}

function requireTokens(tokens: unknown, vocabSize: number): void {
  const isId = (id: unknown) => Number.isInteger(id) && (id as number) >= 0 && (id as number) < vocabSize;
  if (tokens === undefined || (Array.isArray(tokens) && tokens.length > 0 && tokens.every(isId))) return;
  throw invalidParameter("local.tokens", `takes a list of one token id or more, from 0 to ${vocabSize - 1}`, tokens);
}

function requireWhole(name: string, value: unknown, least: number, most: number, why = ""): void {
  if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)) return;
  const range = most === Number.MAX_SAFE_INTEGER ? (least > 0 ? `, ${least} or more` : "") : ` from ${least} to ${most}`;
  throw invalidParameter(name, `takes a whole number${range}${why}`, value);
}

function requireType(name: string, value: unknown, type: "string" | "boolean", says: string): void {
  if (value !== undefined && typeof value !== type) throw invalidParameter(name, `takes ${says}`, value);
}

function requireOneOf(name: string, value: unknown, values: readonly string[]): void {
  if (value !== undefined && !values.includes(value as string)) throw invalidParameter(name, `is one of ${values.join(", ")}`, value);
}

function contextReason({ trainedContext, contextSize }: LocalModelInfo): string {
  return contextSize < trainedContext
    ? ` (the model was opened for ${contextSize} of the ${trainedContext} tokens it was trained for)`
    : ` (the model was trained for ${trainedContext})`;
}
