import { asciiClasses, BEYOND_ASCII, classAt, LETTER, LINE_END, NUMBER, next, WHITE } from "./character-class.ts";
import { contraction, numbers, runOf, runOfSymbols, type Scan, whiteSpace } from "./runs.ts";

/**
 * `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,DIGITS}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 * cl100k_base and Llama 3 take up to three digits together, Qwen 2 and 3 one.
 */
export const scanCl100k =
  (digits: 1 | 3): Scan =>
  (utf8, start, end) => {
    const first = asciiClasses[utf8[start] as number] as number;
    const follower = asciiClasses[utf8[start + 1] as number] as number;
    if (first & LETTER || ((first & (NUMBER | LINE_END | BEYOND_ASCII)) === 0 && follower & LETTER && utf8[start] !== apostrophe)) {
      return runOf(LETTER, utf8, start + 1, end);
    }
    const contracted = contraction(true, utf8, start, end);
    if (contracted > start) return contracted;
    const kind = classAt(utf8, start);
    if (kind & LETTER) return runOf(LETTER, utf8, start, end);
    if (kind & NUMBER) return numbers(digits, utf8, start, end);
    const second = next(utf8, start);
    if (second < end) {
      const secondKind = classAt(utf8, second);
      if ((kind & LINE_END) === 0 && secondKind & LETTER) return runOf(LETTER, utf8, second, end);
      if (utf8[start] === 0x20 && (secondKind & (WHITE | NUMBER)) === 0) return symbols(utf8, second, end);
    }
    if (kind & WHITE) return whiteSpace(true, utf8, start, end);
    return symbols(utf8, start, end);
  };

const apostrophe = 0x27;

const symbols: Scan = (utf8, at, end) => runOf(LINE_END, utf8, runOfSymbols(utf8, at, end), end);
