import { scriptOf } from "./script-of.ts";
import type { SplitStep } from "./split.ts";

const soundMark = 0x30fc;
const space = 0x20;

/**
 * Cuts where the script changes. Kana count as Han; a space, and what has no script, belongs to what is before it.
 * source  huggingface/tokenizers, pre_tokenizers/unicode_scripts/pre_tokenizer.rs
 */
export const unicodeScripts: SplitStep = (text, start, end, to) => {
  let from = start;
  let last: string | undefined;
  for (let at = start; at < end; ) {
    const codePoint = text.codePointAt(at) as number;
    const script = countedScript(codePoint);
    if (script !== undefined) {
      if (last !== undefined && script !== last && at > from) {
        to.push(from, at);
        from = at;
      }
      last = script;
    }
    at += codePoint > 0xffff ? 2 : 1;
  }
  if (end > from) to.push(from, end);
};

function countedScript(codePoint: number): string | undefined {
  if (codePoint === space) return undefined;
  const script = codePoint === soundMark ? "Han" : scriptOf(codePoint);
  return script === "Hiragana" || script === "Katakana" ? "Han" : script;
}
