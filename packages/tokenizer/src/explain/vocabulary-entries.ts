import { decodeUtf8, encodeUtf8, type TokenId, type Tokenizer, type TokenKind } from "@cutaway/core";

export interface VocabularyEntry {
  id: TokenId;
  kind: TokenKind;
  bytes: Uint8Array;
  /** Absent where the bytes are not whole characters. */
  text?: string;
}

/** Every id that has bytes, in order. Made once for a tokenizer and kept while it is. */
export function vocabularyEntries(tokenizer: Tokenizer): readonly VocabularyEntry[] {
  let entries = known.get(tokenizer);
  if (!entries) {
    const list: VocabularyEntry[] = [];
    for (let id = 0; id < tokenizer.vocabSize; id++) {
      const bytes = tokenizer.bytesOf(id);
      const kind = tokenizer.kindOf(id);
      if (bytes === undefined || kind === undefined) continue;
      const text = textOf(bytes);
      list.push({ id: id as TokenId, kind, bytes, ...(text !== undefined && { text }) });
    }
    entries = list;
    known.set(tokenizer, entries);
  }
  return entries;
}

const known = new WeakMap<Tokenizer, readonly VocabularyEntry[]>();

/** The text that the bytes are the UTF-8 form of, if they are. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = decodeUtf8(bytes);
  if (!text.includes("\ufffd")) return text;
  const again = encodeUtf8(text);
  return again.length === bytes.length && again.every((byte, at) => byte === bytes[at]) ? text : undefined;
}
