import { wordsOf } from "./words.ts";

export interface TextLengths {
  /** Unicode code points. */
  characters: number;
  words: number;
  /** Ended by . ! ? or an ideographic full stop, or by the end of a line that has words. */
  sentences: number;
  lines: number;
}

/** How long a text is, by several measures. Words as `wordsOf` finds them, without marks. */
export function lengthsOf(text: string): TextLengths {
  return {
    characters: [...text].length,
    words: wordsOf(text).filter((word) => /[\p{L}\p{N}]/u.test(word)).length,
    sentences: text.split(/(?<=[.!?。！？])\s+|\n+/u).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence)).length,
    lines: text === "" ? 0 : text.replace(/\n$/, "").split("\n").length,
  };
}
