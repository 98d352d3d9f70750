import { classAt, NUMBER, next, WHITE } from "./character-class.ts";
import { runOf } from "./runs.ts";
import { scanGpt2 } from "./scan-gpt2.ts";

/** `\p{N}` cut out first, one by one; then GPT-2's pattern on what lies between them: white space before a number is before an end of text. */
export function scanDigits(utf8: Uint8Array, start: number, end: number): number {
  const kind = classAt(utf8, start);
  if (kind & NUMBER) return next(utf8, start);
  if (kind & WHITE) {
    const after = runOf(WHITE, utf8, start, end);
    if (after < end && classAt(utf8, after) & NUMBER) return after;
  }
  return scanGpt2(utf8, start, end);
}
