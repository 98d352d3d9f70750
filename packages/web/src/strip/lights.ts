import type { Call, Evidence, Finding, Span, StripToken } from "@cutaway/core";
import type { Place, View } from "../state/place.ts";

/** Evidence that is lit: the one looked at brightly, the others of its finding softly. */
export interface Light {
  evidence: Evidence;
  bright: boolean;
}

export function lightsOf(findings: readonly Finding[], callId: string, lit: Place["lit"]): Light[] {
  const finding = lit && findings[lit.finding];
  if (!finding) return [];
  return finding.evidence
    .map((evidence, i) => ({ evidence, bright: lit.evidence === undefined || lit.evidence === i }))
    .filter(({ evidence }) => evidence.call === callId);
}

/** Where evidence is shown. */
export function viewOf(evidence: Evidence): View {
  switch (evidence.kind) {
    case "steps":
      return "tokens";
    case "text":
      return evidence.path?.startsWith("answers[") ? "tokens" : "prompt";
    case "prompt":
      return "prompt";
    case "timing":
      return "timing";
    case "field":
      if (typeof evidence.at !== "string") return "fields";
      if (promptToken.test(evidence.at) || evidence.at === "local.dropped") return "prompt";
      return answerField.test(evidence.at) || stepField.test(evidence.at) ? "tokens" : "fields";
  }
}

const answerField = /^answers\[\d+\]\.(?:text|reasoning|refusal|toolCalls\[\d+\]\.arguments)$/;

/** A token of the prompt, a step of an answer, as fields of the call. */
const promptToken = /^prompt\[(\d{1,9})\]$/;
const stepField = /^answers\[(\d+)\]\.steps\[(\d{1,9})\]/;

/** The answer that evidence is in, where it is in one. */
export function answerOf({ path, at }: Evidence): number | undefined {
  const found = /^answers\[(\d+)\]/.exec(path ?? (typeof at === "string" ? at : ""));
  return found ? Number(found[1]) : undefined;
}

export interface LitTokens extends Span {
  bright: boolean;
}

/** Ranges of tokens that the evidence on answer `answer` lights. */
export function litTokens(lights: readonly Light[], answer: number, tokens: readonly StripToken[], fromSteps: boolean): LitTokens[] {
  const lit: LitTokens[] = [];
  for (const { evidence, bright } of lights) {
    const [, inAnswer, step] = (typeof evidence.at === "string" && stepField.exec(evidence.at)) || [];
    if (fromSteps && Number(inAnswer) === answer) lit.push({ start: Number(step), end: Number(step) + 1, bright });
    if (typeof evidence.at === "string") continue;
    if (evidence.kind === "steps" && fromSteps && evidence.path === `answers[${answer}].steps`) {
      lit.push({ start: evidence.at.start, end: Math.min(evidence.at.end, tokens.length), bright });
    } else if (evidence.kind === "text" && evidence.path === `answers[${answer}].text`) {
      const span = tokensOver(tokens, evidence.at);
      if (span) lit.push({ ...span, bright });
    }
  }
  return lit;
}

/** Tokens of the prompt that evidence lights, as they are shown. gap  where the mark of the tokens left out stands among them */
export function litPromptTokens(lights: readonly Light[], gap: number | undefined): LitTokens[] {
  const shift = gap === 0 ? 1 : 0;
  return lights.flatMap(({ evidence: { path, at }, bright }) => {
    if (at === "local.dropped" && gap !== undefined) return [{ start: gap, end: gap + 1, bright }];
    if (typeof at !== "string") return path === "prompt" ? [{ start: at.start + shift, end: at.end + shift, bright }] : [];
    const place = promptToken.exec(at)?.[1];
    return place === undefined ? [] : [{ start: Number(place) + shift, end: Number(place) + 1 + shift, bright }];
  });
}

/** The tokens that a span of the text touches; an empty span touches the token it stands before, or the last. */
export function tokensOver(tokens: readonly StripToken[], span: Span): Span | undefined {
  if (tokens.length === 0) return undefined;
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tokens[middle] as StripToken).span.end > span.start) high = middle;
    else low = middle + 1;
  }
  let end = low + 1;
  while (end < tokens.length && (tokens[end] as StripToken).span.start < span.end) end++;
  return { start: low, end };
}

/** Spans lit in the string of the Call that `path` names. */
export function litSpans(lights: readonly Light[], path: string, length: number): LitTokens[] {
  const lit: LitTokens[] = [];
  for (const { evidence, bright } of lights) {
    if (evidence.path === path && typeof evidence.at !== "string") lit.push({ start: evidence.at.start, end: evidence.at.end, bright });
    else if (evidence.kind === "field" && evidence.at === path) lit.push({ start: 0, end: length, bright });
  }
  return lit.sort((a, b) => a.start - b.start);
}

/** Where to go so that this evidence is on screen; of a finding as a whole, the first place in a text, which shows more than a field's value. */
export function placeOf(
  call: Call,
  findings: readonly Finding[],
  lit: NonNullable<Place["lit"]>,
  stepsAre: (answer: number) => readonly StripToken[] | undefined,
): Partial<Place> {
  const all = findings[lit.finding]?.evidence ?? [];
  const inText = ({ kind, call: id }: Evidence) => id === call.id && (kind === "steps" || kind === "text" || kind === "prompt");
  const evidence = lit.evidence === undefined ? (all.find(inText) ?? all[0]) : all[lit.evidence];
  if (!evidence || evidence.call !== call.id) return { lit };
  const place: Partial<Place> = { lit, view: viewOf(evidence), prompt: undefined };
  const answer = answerOf(evidence);
  if (answer !== undefined) place.answer = answer;
  const tokens = answer === undefined ? undefined : stepsAre(answer);
  const step = typeof evidence.at === "string" ? stepField.exec(evidence.at)?.[2] : undefined;
  if (tokens && step !== undefined && Number(step) < tokens.length) place.token = Number(step);
  if (tokens && typeof evidence.at !== "string") {
    const first =
      evidence.kind === "steps"
        ? evidence.at.start
        : evidence.path === `answers[${answer}].text`
          ? tokensOver(tokens, evidence.at)?.start
          : undefined;
    if (first !== undefined && first < tokens.length) place.token = first;
  }
  return place;
}
