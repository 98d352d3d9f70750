import type { OffsetUnit, Span } from "@cutaway/core";
import type { TextStretch } from "../stretches.ts";
import type { ByteText } from "./piece-model.ts";
import type { TokenList } from "./token-list.ts";

/** A stretch of text as the model sees it. Valid until the next is prepared. */
export interface PreparedText extends ByteText {
  /** Its pieces as ranges of bytes, [start, end, start, end, …] in order; absent: all of it is one piece. */
  ranges?: readonly number[];
  /** Gives the span of the text as given from which bytes came; to be asked in order. Only where `keepOrigins` was set. */
  spans: () => (start: number, end: number) => Span;
  /**
   * Turns the ranges of bytes of the list's tokens from number `first` on into the spans from which they came. Only where `keepOrigins` was set. The unit
   * is UTF-16 unless it says otherwise: where `unit` is "utf8", bytes of the text may be at hand.
   */
  place: (list: TokenList, first: number, unit: OffsetUnit) => OffsetUnit;
  /** For a trace: the steps that changed the stretch, each with the text after it. */
  steps: () => { step: string; text: string }[];
}

/** What happens to a stretch of text before the model sees it. */
export type Prepare = (stretch: TextStretch, keepOrigins: boolean) => PreparedText;

/** `place` by the spans of one token after the other. */
export function placeOneByOne(spanOf: (start: number, end: number) => Span, { starts, ends, length }: TokenList, first: number): "utf16" {
  for (let at = first; at < length; at++) {
    const { start, end } = spanOf(starts[at] as number, ends[at] as number);
    starts[at] = start;
    ends[at] = end;
  }
  return "utf16";
}
