import type { TokenTrace, TraceAddedToken, TraceStretch } from "@cutaway/core";
import type { AddedAround } from "./post-processing.ts";
import type { TokenStretch } from "./stretches.ts";

/** The trace of a text whose stretches are traced: their tokens in order, between those that post-processing adds. */
export function traceOf(text: string, stretches: TraceStretch[], added: AddedAround): TokenTrace {
  const own = stretches.flatMap((stretch) =>
    stretch.kind === "added-token" ? [stretch.id] : stretch.pieces.flatMap((piece) => piece.tokens.map(({ id }) => id)),
  );
  return { text, stretches, added, ids: Uint32Array.from([...added.before, ...own, ...added.after]) };
}

export function traceOfAddedToken({ token: { id, content, special }, span }: TokenStretch): TraceAddedToken {
  return { kind: "added-token", id, content, special, span };
}
