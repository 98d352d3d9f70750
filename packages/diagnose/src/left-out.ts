import { type Call, decodeUtf8, type Span } from "@cutaway/core";
import { type PromptText, promptTexts } from "./texts.ts";

/** A piece of the request that the model never read. */
export interface LeftOut extends PromptText {
  span: Span;
}

/** Text of the request that the prompt's tokens no longer hold, in the request's order. Empty where nothing was dropped or nothing is known. */
export function leftOut(call: Call): LeftOut[] {
  const { dropped } = call.local ?? {};
  if (!dropped || !call.prompt) return [];
  const kept = textOfTokens(call.prompt.map(({ bytes }) => bytes));
  const texts = promptTexts(call);
  const lost: LeftOut[] = [];
  for (const part of dropped.at === "end" ? texts.reverse() : texts) {
    const span = dropped.at === "end" ? lostTail(part.text, kept) : lostHead(part.text, kept);
    if (!span) break;
    lost.push({ ...part, span });
  }
  return dropped.at === "end" ? lost.reverse() : lost;
}

export function textOfTokens(tokens: readonly Uint8Array[]): string {
  const bytes = new Uint8Array(tokens.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const token of tokens) {
    bytes.set(token, at);
    at += token.length;
  }
  return decodeUtf8(bytes);
}

/** Fewer characters than this are found anywhere: they are no sign that the part was begun. */
const telling = 12;

function lostTail(text: string, kept: string): Span | undefined {
  if (kept.includes(text.trim())) return undefined;
  const start = text.length - text.trimStart().length;
  const length = longest(text.length - start, (size) => kept.includes(text.slice(start, start + size)));
  return { start: length < telling ? 0 : start + length, end: text.length };
}

function lostHead(text: string, kept: string): Span | undefined {
  if (kept.includes(text.trim())) return undefined;
  const end = text.trimEnd().length;
  const length = longest(end, (size) => kept.includes(text.slice(end - size, end)));
  return { start: 0, end: length < telling ? text.length : end - length };
}

/** The largest size that holds, where every smaller one holds too. */
function longest(most: number, holds: (size: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
