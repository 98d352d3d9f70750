/** A half-open range `[start, end)`. The unit is named by whatever holds it: UTF-16 code units of a text, steps of an answer, chunks of a stream. */
export interface Span {
  start: number;
  end: number;
}

export const spanLength = (span: Span): number => span.end - span.start;
