import { asciiClasses, classAt, LETTER, NUMBER, WHITE } from "./character-class.ts";
import { contraction, runOf, runOfSymbols, whiteSpace } from "./runs.ts";

/** `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` */
export function scanGpt2(utf8: Uint8Array, start: number, end: number): number {
  const word = utf8[start] === 0x20 ? start + 1 : start;
  if ((asciiClasses[utf8[word] as number] as number) & LETTER) return runOf(LETTER, utf8, word, end);
  const contracted = contraction(false, utf8, start, end);
  if (contracted > start) return contracted;
  const at = utf8[start] === 0x20 && start + 1 < end ? start + 1 : start;
  const kind = classAt(utf8, at);
  if (kind & LETTER) return runOf(LETTER, utf8, at, end);
  if (kind & NUMBER) return runOf(NUMBER, utf8, at, end);
  if (kind & WHITE) return whiteSpace(false, utf8, start, end);
  return runOfSymbols(utf8, at, end);
}
