/** How tokens become text again. The ids are of the vocabulary. */
export interface PieceDecoder {
  decode(ids: readonly number[]): string;
  /** Without replacing what is not valid UTF-8. */
  decodeBytes(ids: readonly number[]): Uint8Array;
}
