import { fromTiktokenRanks, fromTokenizerJson } from "@cutaway/tokenizer";

/** A word of the list, with the space before it as listed, is one token; anything else is a token a byte. Words of three bytes or more. */
export function wordsOrBytes(name: string, words: readonly string[], specialTokens: Record<string, number> = {}) {
  const bytes = Array.from({ length: 256 }, (_, byte) => Buffer.from([byte]));
  const tokens = [...bytes, ...words.map((word) => Buffer.from(word))];
  const ranks = tokens.map((token, rank) => `${token.toString("base64")} ${rank}\n`).join("");
  return fromTiktokenRanks({ name, ranks: Buffer.from(ranks), pattern: " ?[^\\s]+|\\s+", specialTokens });
}

/** Lower-cases and drops accents; what is not in the vocabulary is [UNK]. */
export function wordPieces(pieces: readonly string[]) {
  const vocab = Object.fromEntries(["[UNK]", ...pieces].map((piece, id) => [piece, id]));
  const json = {
    version: "1.0",
    added_tokens: [{ id: 0, content: "[UNK]", single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }],
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
  };
  return fromTokenizerJson(Buffer.from(JSON.stringify(json)), "tiny-wordpiece");
}
