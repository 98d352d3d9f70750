import { bertFlags, bertRuns, keptCombining } from "./bert-classes.ts";

/** BERT's normaliser: what it does to a text. */
export interface BertRules {
  /** Control characters go, and every white space becomes a space. */
  cleanText: boolean;
  /** Each ideograph is a word of its own. */
  handleChineseChars: boolean;
  /** Characters are decomposed (NFD), and nonspacing marks go. */
  stripAccents: boolean;
  lowercase: boolean;
}

/** Dropped by `cleanText`; made a space by it. */
const DROPPED = 1;
const CLEANED = 2;
/** For the pre-tokenizer: white space, a character that is a piece alone. */
const SPACE = 4;
const ALONE = 8;
const CHINESE = 16;
const ACCENT = 32;
const DECOMPOSES = 64;
const LOWERS = 128;
/** Its canonical combining class is not 0: NFD orders it among its neighbours. */
const COMBINING = 256;

/**
 * The flags of every code point, two bytes each. Pinned to the tables of the reference, which are older than any JavaScript engine's.
 * What NFD and lower case make of a character never changes once it is encoded; that they do anything is what the tables say.
 */
let flags: Uint16Array | undefined;

function readRuns(): Uint16Array {
  const table = new Uint16Array(0x110000);
  let codePoint = 0;
  for (const [, letter, length] of bertRuns.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    const next = codePoint + (length ? Number.parseInt(length, 36) : 1);
    const value = bertFlags[(letter as string).charCodeAt(0) - 0x41] as number;
    if (value !== 0) table.fill(value, codePoint, next);
    codePoint = next;
  }
  return table;
}

/** The table is made when it is first asked. */
function has(codePoint: number, flag: number): boolean {
  flags ??= readRuns();
  return ((flags[codePoint] as number) & flag) !== 0;
}

export const isDropped = (codePoint: number): boolean => has(codePoint, DROPPED);
export const becomesSpace = (codePoint: number): boolean => has(codePoint, CLEANED);
export const isSpace = (codePoint: number): boolean => has(codePoint, SPACE);
export const standsAlone = (codePoint: number): boolean => has(codePoint, ALONE);
export const isChinese = (codePoint: number): boolean => has(codePoint, CHINESE);
export const isCombining = (codePoint: number): boolean => has(codePoint, COMBINING);

/** Decomposed, without nonspacing marks. */
export function withoutAccents(character: string): string {
  const codePoint = character.codePointAt(0) as number;
  if (!has(codePoint, DECOMPOSES | ACCENT)) return character;
  const parts = has(codePoint, DECOMPOSES) ? [...character.normalize("NFD")] : [character];
  return parts.filter((part) => !has(part.codePointAt(0) as number, ACCENT)).join("");
}

/** One character in lower case, whatever stands around it. */
export function lowercase(character: string): string {
  return has(character.codePointAt(0) as number, LOWERS) ? character.toLowerCase() : character;
}

const combiningOrder = new Map(keptCombining.flatMap((group, order) => group.map((codePoint) => [codePoint, order + 1] as const)));

/** The order by canonical combining class among combining characters that are no accents; 0 for any other character. */
export const orderOfCombining = (codePoint: number): number => combiningOrder.get(codePoint) ?? 0;
