import type { Span } from "@cutaway/core";
import type { EncodedText } from "./encoded-text.ts";

/** Lights on tokens with those that touch a span of the text lit brightly. An empty span lights the token it stands before, or the last. */
export function withSpanLit({ packed: { starts, ends } }: EncodedText, lit: Uint8Array | undefined, span: Span | undefined): Uint8Array | undefined {
  if (span === undefined) return lit;
  const out = lit?.slice() ?? new Uint8Array(starts.length);
  const end = Math.max(span.end, span.start + 1);
  let any = false;
  for (let i = 0; i < starts.length; i++) {
    if ((starts[i] as number) < end && (ends[i] as number) > span.start) {
      out[i] = 2;
      any = true;
    }
  }
  if (!any && out.length > 0) out[out.length - 1] = 2;
  return out;
}

/** The first token that is lit brightly, to bring it on screen. */
export const firstBright = (lit: Uint8Array | undefined): number | undefined => {
  const at = lit?.indexOf(2) ?? -1;
  return at === -1 ? undefined : at;
};
