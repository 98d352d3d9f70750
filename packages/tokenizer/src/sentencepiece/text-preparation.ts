import type { Span } from "@cutaway/core";
import type { TextStretch } from "../stretches.ts";
import type { ByteText } from "./piece-model.ts";

/** A stretch of text as the model sees it. Valid until the next is prepared. */
export interface PreparedText extends ByteText {
  /** Its pieces as ranges of bytes, [start, end, start, end, …] in order; absent: all of it is one piece. */
  ranges?: readonly number[];
  /** Gives the span of the text as given from which bytes came; to be asked in order. Only where `keepOrigins` was set. */
  spans: () => (start: number, end: number) => Span;
  /** For a trace: the steps that changed the stretch, each with the text after it. */
  steps: () => { step: string; text: string }[];
}

/** What happens to a stretch of text before the model sees it. */
export type Prepare = (stretch: TextStretch, keepOrigins: boolean) => PreparedText;
