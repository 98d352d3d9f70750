import { classOf, LETTER, LINE_END, NUMBER, SPACE, WHITE } from "./character-class.ts";
import { knownPatterns } from "./known-patterns.ts";
import type { Scan } from "./runs.ts";
import { scanDeepseek } from "./scan-deepseek.ts";
import { scanDigits } from "./scan-digits.ts";

/** Scanners whose pieces end at every cut. */
const scansWithCuts: ReadonlySet<Scan> = new Set([...knownPatterns.values(), scanDigits, scanDeepseek]);
export const hasCuts = (scan: Scan): boolean => scansWithCuts.has(scan);

/**
 * Whether a piece ends between two characters of these classes, whatever else the text holds, and both sides are cut as if they were texts
 * of their own. True of every scanner here:
 * - White space inside a piece is at its beginning, or the line ends at its end, or all of it: a space after anything else begins a piece.
 * - A word or number takes no line end, and a word and a number do not share a piece.
 */
export function isCut(before: number, after: number): boolean {
  if (before & WHITE) return false;
  if (after & SPACE) return true;
  if (before & LETTER) return (after & (NUMBER | LINE_END)) !== 0;
  return (before & NUMBER) !== 0 && (after & (LETTER | LINE_END)) !== 0;
}

/** The same for the characters on both sides of the unit `at` of a text, the second of which must be ASCII. */
export function isCutAt(text: string, at: number): boolean {
  const after = text.charCodeAt(at);
  if (!(after < 0x80) || at === 0) return false;
  const low = text.charCodeAt(at - 1);
  const isPair = (low & 0xfc00) === 0xdc00 && at > 1 && (text.charCodeAt(at - 2) & 0xfc00) === 0xd800;
  return isCut(classOf(isPair ? (text.codePointAt(at - 2) as number) : low), classOf(after));
}
