import type { Tokenizer } from "@cutaway/core";

/** Beginnings of words that few tokens go on from: what follows is cut by itself. */
const beginnings = ["x", "Q", ".", "zq", "kx", "q9", "é"];

/** The texts that should become a token by themselves: its own; where words carry a mark, what stands behind the mark, or inside a word. */
export function ownTexts({ family }: Tokenizer, text: string): string[] {
  if (family === "wordpiece" && isContinuation(text)) return beginnings.map((beginning) => beginning + text.slice(2));
  if (family === "sentencepiece-bpe" || family === "unigram")
    return [text, ...(text.startsWith(" ") ? [text.slice(1)] : beginnings.map((beginning) => beginning + text))];
  return [text];
}

/** A token's text without the marks of its place in a word. */
export function bareTexts({ family }: Tokenizer, text: string): string[] {
  if (family === "wordpiece" && isContinuation(text)) return [text.slice(2)];
  return text.startsWith(" ") ? [text, text.slice(1)] : [text];
}

/** `##ing` */
const isContinuation = (text: string): boolean => text.startsWith("##") && text.length > 2;
