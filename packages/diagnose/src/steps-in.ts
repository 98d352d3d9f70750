import type { Answer, Span, TokenStep } from "@cutaway/core";
import { stripOf } from "./strip-of.ts";

/** The steps whose text begins in a range of the answer's text, as a range of `steps`; undefined where the steps are not the text's. */
export function stepsIn(answer: Answer, { start, end }: Span): Span | undefined {
  const spans = spansOf(answer);
  if (!spans) return undefined;
  const first = spans.findIndex((span) => span.end > span.start && span.start >= start && span.start < end);
  if (first < 0) return undefined;
  const last = spans.findLastIndex((span) => span.end > span.start && span.start >= start && span.start < end);
  return { start: first, end: last + 1 };
}

/** The step that wrote the character at an offset; at the text's end the one that ended it, which writes nothing. */
export function stepAt(answer: Answer, offset: number): { index: number; step: TokenStep; span: Span } | undefined {
  const spans = spansOf(answer);
  if (!spans) return undefined;
  const isEnd = offset >= answer.text.length;
  const index = isEnd ? spans.length - 1 : spans.findIndex((span) => span.end > offset && span.start <= offset);
  const span = spans[index];
  const step = answer.steps?.[index];
  return span && step && (!isEnd || step.bytes.length === 0) ? { index, step, span } : undefined;
}

function spansOf(answer: Answer): Span[] | undefined {
  if (!answer.steps || answer.steps.length === 0) return undefined;
  const strip = stripOf(answer, 0);
  return strip.source === "none" ? undefined : strip.tokens.map(({ span }) => span);
}
