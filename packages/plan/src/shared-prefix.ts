import type { Request, Tokenizer } from "@cutaway/core";
import { type Piece, readingOrder } from "./reading-order.ts";

export interface SharedPrefix {
  /** Leading tokens of `b` that `a` has too, in reading order; absent without a tokenizer. Message framing is not in it. */
  tokens?: number;
  /** All tokens of `b`, counted the same way. */
  total?: number;
  /** Leading segments that are the same as a whole. */
  segments: number;
  /** Where they part; absent when all of `a` or all of `b` is shared. `at` is the part of `b`, `offset` the first UTF-16 unit of its text that differs. */
  parts?: { at: string; label: string; offset: number; before: string; after: string };
}

/**
 * How much of the prompt of `b` repeats the start of `a`: what a prompt cache filled by `a` could have served.
 * Different models share nothing: a cache belongs to one model.
 */
export function sharedPrefix(a: Request, b: Request, counter?: { tokenizer: Tokenizer }): SharedPrefix {
  const [before, after] = [readingOrder(a), readingOrder(b)];
  const count = (text: string) => counter?.tokenizer.count(text, asText) ?? 0;
  const total = counter && { total: after.reduce((sum, piece) => sum + count(piece.text), 0) };
  if (a.model !== b.model) {
    return {
      ...(counter && { tokens: 0 }),
      ...total,
      segments: 0,
      parts: { at: "model", label: "model", offset: 0, before: a.model, after: b.model },
    };
  }
  let segments = 0;
  let tokens = 0;
  while (isSame(before[segments], after[segments])) {
    tokens += count(after[segments]?.text ?? "");
    segments += 1;
  }
  const [left, right] = [before[segments], after[segments]];
  if (!left || !right) return { ...(counter && { tokens }), ...total, segments };
  const offset = left.identity === right.identity ? commonLength(left.text, right.text) : 0;
  if (counter && offset > 0) tokens += commonTokens(counter.tokenizer, left.text, right.text);
  return {
    ...(counter && { tokens }),
    ...total,
    segments,
    parts: { at: right.at, label: right.label, offset, before: excerpt(left, offset), after: excerpt(right, offset) },
  };
}

const asText = { disallowedSpecial: "as-text" } as const;

const isSame = (a: Piece | undefined, b: Piece | undefined) => a !== undefined && b !== undefined && a.identity === b.identity && a.text === b.text;

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function commonTokens(tokenizer: Tokenizer, a: string, b: string): number {
  const [left, right] = [tokenizer.encode(a, asText), tokenizer.encode(b, asText)];
  let same = 0;
  while (same < left.length && same < right.length && left[same] === right[same]) same += 1;
  return same;
}

/** What stands at the parting, short enough for a sentence. */
const excerpt = ({ text, label }: Piece, offset: number) => (text === "" ? label : text.slice(offset, offset + 40));
