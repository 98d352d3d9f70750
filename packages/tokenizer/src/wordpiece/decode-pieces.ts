/** How pieces become a text. */
export interface PieceDecoder {
  /** Without it, words and their rests alike are joined by spaces. */
  prefix: string | undefined;
  /** Spaces before punctuation and English contractions go. */
  cleanup: boolean;
}

/** source  huggingface/tokenizers, decoders/wordpiece.rs */
const cleanups: readonly [string, string][] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

export function decodePieces(pieces: Iterable<string>, { prefix, cleanup }: PieceDecoder): string {
  const parts: string[] = [];
  for (const piece of pieces) {
    const continues = prefix !== undefined && piece.startsWith(prefix);
    const part = parts.length === 0 ? piece : continues ? piece.slice(prefix.length) : ` ${piece}`;
    parts.push(cleanup ? cleanups.reduce((text, [from, to]) => text.replaceAll(from, to), part) : part);
  }
  return parts.join("");
}
