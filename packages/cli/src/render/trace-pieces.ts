import type { Span, TokenTrace, TraceAddedToken, TracePiece } from "@cutaway/core";

/** A piece of a trace with its number, counted over all stretches; an added token found in the text counts as one. */
export type NumberedPiece = { number: number; span: Span } & ({ kind: "piece"; piece: TracePiece } | { kind: "added-token"; token: TraceAddedToken });

export function tracePieces({ stretches }: TokenTrace): NumberedPiece[] {
  const pieces: NumberedPiece[] = [];
  for (const stretch of stretches) {
    if (stretch.kind === "added-token") pieces.push({ number: pieces.length, kind: "added-token", span: stretch.span, token: stretch });
    else for (const piece of stretch.pieces) pieces.push({ number: pieces.length, kind: "piece", span: piece.span, piece });
  }
  return pieces;
}
