import type { InsideToken } from "@cutaway/core";
import type { PromptUnit } from "./deletion.ts";

/** A part of the prompt that is left out as one. */
export interface NamedUnit extends PromptUnit {
  segment: InsideToken["segment"];
}

/** About so many parts are tried: each is a reading of the prompt. */
const mostUnits = 32;

/** The texts of a prompt in pieces of a few tokens, none across two segments; what the template writes is left standing. */
export function promptUnits(tokens: readonly InsideToken[]): NamedUnit[] {
  const runs = segmentRuns(tokens);
  const count = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const size = Math.max(1, Math.ceil(count / mostUnits));
  return runs.flatMap(({ start, end, segment }) =>
    Array.from({ length: Math.ceil((end - start) / size) }, (_, at) => ({
      start: start + at * size,
      end: Math.min(end, start + (at + 1) * size),
      segment,
    })),
  );
}

/**
 * What the answer token can have relied on. The last token that a decoder reads is where it is asked from: without it another question is asked,
 * so it is no part.
 */
export const couldBeLeftOut = (tokens: readonly InsideToken[], isDecoder: boolean): readonly InsideToken[] =>
  isDecoder ? tokens.slice(0, -1) : tokens;

/** Neighbouring tokens of one segment, without the template and special tokens; an answer's beginning is one too. */
export function segmentRuns(tokens: readonly InsideToken[]): NamedUnit[] {
  const runs: NamedUnit[] = [];
  for (const [at, { segment, special }] of tokens.entries()) {
    if (special || segment === "template") continue;
    const last = runs.at(-1);
    if (last?.end === at && last.segment === segment) last.end++;
    else runs.push({ start: at, end: at + 1, segment });
  }
  return runs;
}

/** The last quarter of the last text that is not the answer's: at least a token, at most 64. */
export function tailOf(tokens: readonly InsideToken[]): NamedUnit | undefined {
  const last = segmentRuns(tokens).findLast(({ segment }) => segment !== "answer");
  if (!last) return undefined;
  const length = Math.min(64, Math.max(1, Math.ceil((last.end - last.start) / 4)));
  return { ...last, start: last.end - length };
}
