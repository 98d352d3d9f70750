import type { Span } from "@cutaway/core";

export interface Mojibake {
  span: Span;
  /** What stands there. */
  garbled: string;
  /** What was meant: the same bytes read as UTF-8. */
  original: string;
  /** Which encoding the UTF-8 bytes were taken for. */
  readAs: "Windows-1252" | "Latin-1";
  /** How many times over: 2 where garbled text was garbled again. */
  times: number;
}

/**
 * Text in UTF-8 that somebody read as Windows-1252 or Latin-1 (`Ã©` for `é`, `â€™` for `’`), once or several times over.
 * A sequence counts where its characters are the bytes of a well-formed UTF-8 sequence; sequences that people do write
 * (`É«`, a capital before a closing quotation mark) only where there are several.
 * text  any length; the work is linear
 */
export function findMojibake(text: string, limit = 200): Mojibake[] {
  if (!/[\u00c2-\u00f4]/.test(text)) return [];
  const found: Mojibake[] = [];
  let weak = 0;
  for (const match of text.matchAll(sequences)) {
    if (found.length >= limit) break;
    const end = match.index + match[0].length;
    if (isWriting(match[0], text.charAt(end))) continue;
    const mended = mend(match[0]);
    if (!mended) continue;
    found.push({ span: { start: match.index, end }, garbled: match[0], ...mended });
    if (isWeak(match[0], mended.original)) weak++;
  }
  return weak === found.length && weak < 3 ? [] : found;
}

/** The text as it was meant. */
export function repairMojibake(text: string): string {
  let repaired = "";
  let copied = 0;
  for (const { span, original } of findMojibake(text, Number.POSITIVE_INFINITY)) {
    repaired += text.slice(copied, span.start) + original;
    copied = span.end;
  }
  return repaired + text.slice(copied);
}

/** Windows-1252 by byte 0x80–0x9f; the five undefined bytes stay controls, as the Encoding standard has it. */
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const byteOf = new Map<string, number>();
for (let byte = 0x80; byte <= 0xff; byte++) byteOf.set(String.fromCharCode(byte), byte);
for (let i = 0; i < 32; i++) byteOf.set(windows1252[i] as string, 0x80 + i);

const tail = `[\\u0080-\\u00bf${windows1252.replace(/[\u0080-\u009f]/g, "")}]`;
/** Neighbouring sequences are taken together: garbling them again makes no sense one by one. */
const sequences = new RegExp(`(?:[\\u00c2-\\u00df]${tail}|[\\u00e0-\\u00ef]${tail}{2}|[\\u00f0-\\u00f4]${tail}{3})+`, "g");
const utf8 = new TextDecoder("utf-8", { fatal: true });

function mend(garbled: string): Omit<Mojibake, "span" | "garbled"> | undefined {
  const readAs = /[\u0080-\u009f]/.test(garbled.replace(/[\u0081\u008d\u008f\u0090\u009d]/g, "")) ? "Latin-1" : "Windows-1252";
  let original = garbled;
  let times = 0;
  while (times < 4 && !(times > 0 && isWriting(original, ""))) {
    const bytes = Uint8Array.from(original, (character) => byteOf.get(character) ?? 0);
    if (bytes.includes(0)) break;
    try {
      original = utf8.decode(bytes);
    } catch {
      break;
    }
    times++;
  }
  return times > 0 ? { original, readAs, times } : undefined;
}

/**
 * A letter followed by punctuation alone, at the end of a word: `« café »`, `“canapé…”`, `»FÅ«` are well-formed UTF-8 bytes by chance.
 * `Ã` and `Â` before punctuation, and an opening quotation mark inside a word (`cÅ“ur`), are not writing.
 */
function isWriting(sequence: string, next: string): boolean {
  return /^(?:[\u00c4-\u00f4][\u00a0«»“”‘’‚„…–—•·‹›°]+)+$/.test(sequence) && !/\p{L}/u.test(next);
}

/** Two characters that somebody may have meant: only `Ã.`, `Â.` and three or more characters prove anything alone. */
function isWeak(garbled: string, original: string): boolean {
  return garbled.length === 2 && (!/^[ÂÃ]/.test(garbled) || !/^[\u00a0-\u00ff]$/.test(original));
}
