import type { SplitStep } from "../json/split.ts";
import { isSpace, standsAlone } from "./bert-text.ts";

/** BERT's pre-tokenizer: white space is dropped, punctuation stands alone. */
export const bertPreTokenizer: SplitStep = (text, start, end, to) => {
  let from = start;
  const endPiece = (at: number) => {
    if (at > from) to.push(from, at);
  };
  for (let at = start; at < end; ) {
    const codePoint = text.codePointAt(at) as number;
    const next = at + (codePoint > 0xffff ? 2 : 1);
    const alone = standsAlone(codePoint);
    if (alone || isSpace(codePoint)) {
      endPiece(at);
      if (alone) to.push(at, next);
      from = next;
    }
    at = next;
  }
  endPiece(end);
};
