import type { Tokenizer } from "@cutaway/core";
import { classCount, classify, textClasses } from "./token-classes.ts";
import { buildTries, type TokenBytes, type Tries } from "./trie.ts";

/** What of a tokenizer says which bytes a token stands for. */
export type TokenSource = Pick<Tokenizer, "vocabSize" | "bytesOf" | "kindOf">;

/** A tokenizer's tokens, prepared for masks: made once, used for every grammar. */
export interface Vocabulary extends TokenBytes {
  size: number;
  /** Words of 32 tokens in a mask. */
  words: number;
  tries: Tries;
  /** Tokens with the bytes of another one. */
  twins: [id: number, twin: number][];
  /** 1 where a token is text: not special, not unused, not empty, [size]. */
  isText: Uint8Array;
  /** Tokens of a text class by their number of characters: `byLength[class][characters]`. */
  byLength: (Int32Array | undefined)[][];
}

const known = new WeakMap<TokenSource, Vocabulary>();

/** The vocabulary of a tokenizer: some 0.2 s for 128 k tokens, then remembered with the tokenizer. */
export function vocabularyOf(tokenizer: TokenSource): Vocabulary {
  let vocabulary = known.get(tokenizer);
  if (!vocabulary) {
    vocabulary = createVocabulary(tokenizer);
    known.set(tokenizer, vocabulary);
  }
  return vocabulary;
}

function createVocabulary(tokenizer: TokenSource): Vocabulary {
  const size = tokenizer.vocabSize;
  const { bytes, starts } = collectBytes(tokenizer, size);
  const isText = new Uint8Array(size);
  const classes: number[][] = Array.from({ length: classCount }, () => []);
  const lengths: number[][][] = textClasses.map(() => []);
  for (let id = 0; id < size; id++) {
    const from = starts[id] as number;
    const to = starts[id + 1] as number;
    if (from === to) continue;
    isText[id] = 1;
    const { kind, characters } = classify(bytes, from, to);
    (classes[kind] as number[]).push(id);
    const list = lengths[kind];
    if (!list) continue;
    list[characters] ??= [];
    (list[characters] as number[]).push(id);
  }
  const { tries, twins } = buildTries(
    { bytes, starts },
    classes.map((ids) => Int32Array.from(ids)),
  );
  const byLength = lengths.map((list) => Array.from(list, (ids) => ids && Int32Array.from(ids)));
  return { size, words: (size + 31) >>> 5, bytes, starts, tries, twins, isText, byLength };
}

/** The bytes of text tokens and of single bytes; nothing for special, unknown and unused ones. */
function collectBytes(tokenizer: TokenSource, size: number): TokenBytes {
  const starts = new Int32Array(size + 1);
  let bytes = new Uint8Array(8 * size + 64);
  let length = 0;
  for (let id = 0; id < size; id++) {
    starts[id] = length;
    const kind = tokenizer.kindOf(id);
    if (kind !== "text" && kind !== "byte") continue;
    const of = tokenizer.bytesOf(id);
    if (!of) continue;
    if (length + of.length > bytes.length) {
      const grown = new Uint8Array(2 * bytes.length + of.length);
      grown.set(bytes);
      bytes = grown;
    }
    bytes.set(of, length);
    length += of.length;
  }
  starts[size] = length;
  return { bytes: bytes.slice(0, length), starts };
}

/** The bytes of one token: empty for those that are no text. */
export const tokenBytes = ({ bytes, starts }: TokenBytes, id: number): Uint8Array => bytes.subarray(starts[id] ?? 0, starts[id + 1] ?? 0);
