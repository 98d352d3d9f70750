import type { Edit } from "../edits.ts";
import { Charsmap } from "./charsmap.ts";
import { writeUtf8 } from "./write-utf8.ts";

/** Text in which each code point is a grapheme by itself: letters that nothing combines with. */
const simple =
  /^(?:[\0-\t\x0b\f\x0e-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205f\u3001-\u3029\u3041-\u3096\u309b-\ua4ff\uac00-\ud7a3\uff01-\uff9d])*$/u;
const mostRemembered = 1 << 14;

/**
 * A precompiled charsmap as Hugging Face applies it, which is not SentencePiece's way: a grapheme of less than 6 bytes gives way as a whole to what
 * the map has for its shortest prefix; of others, each character that the map has.
 * source  huggingface/tokenizers, normalizers/precompiled.rs; huggingface/spm_precompiled, src/lib.rs
 */
export function precompiledNormalizer(blob: Uint8Array, name: string): (text: string) => Edit[] {
  const charsmap = new Charsmap(blob, name);
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const bytes = new Uint8Array(8);
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const remembered = new Map<string, string | undefined>();

  const replacementOf = (part: string): string | undefined => {
    if (remembered.has(part)) return remembered.get(part);
    const found = charsmap.findShortest(bytes, 0, writeUtf8(part, bytes, 0));
    const replacement = found ? utf8.decode(charsmap.replacements.subarray(charsmap.from, charsmap.to)) : undefined;
    if (remembered.size === mostRemembered) remembered.clear();
    remembered.set(part, replacement);
    return replacement;
  };
  const ascii = Array.from({ length: 128 }, (_, code) => replacementOf(String.fromCharCode(code)));

  return (text) => {
    const edits: Edit[] = [];
    const add = (start: number, part: string, replacement: string | undefined) => {
      if (replacement !== undefined && replacement !== part) edits.push({ start, end: start + part.length, text: replacement });
    };
    for (let at = 0; at < text.length; ) {
      const end = endOfMixed(text, at);
      if (end === at) {
        const replacement = ascii[text.charCodeAt(at)];
        if (replacement !== undefined) add(at, text[at] as string, replacement);
        at++;
        continue;
      }
      const part = text.slice(at, end);
      for (const grapheme of simple.test(part) ? part : graphemesOf(segmenter, part)) {
        const whole = byteLength(grapheme) < 6 ? replacementOf(grapheme) : undefined;
        if (whole !== undefined) add(at, grapheme, whole);
        else if (grapheme.length > 1) {
          let place = at;
          for (const character of grapheme) {
            add(place, character, replacementOf(character));
            place += character.length;
          }
        }
        at += grapheme.length;
      }
    }
    return withoutLeadingDeletion(edits, text);
  };
}

/** To Hugging Face, the text after what vanishes at its beginning still begins at 0: what vanished counts to the first character that is left. */
function withoutLeadingDeletion(edits: Edit[], text: string): Edit[] {
  let gone = 0;
  let at = 0;
  for (let edit = edits[gone]; edit?.start === at && edit.text === ""; edit = edits[++gone]) at = edit.end;
  if (at === 0 || at === text.length) return edits;
  const next = edits[gone];
  if (next?.start === at) return [{ ...next, start: 0 }, ...edits.slice(gone + 1)];
  const first = String.fromCodePoint(text.codePointAt(at) as number);
  return [{ start: 0, end: at + first.length, text: first }, ...edits.slice(gone)];
}

/** Where the text from `at` on that holds more than single ASCII characters ends; `at` where one stands. */
function endOfMixed(text: string, at: number): number {
  let end = at;
  while (end < text.length && !(text.charCodeAt(end) < 0x80 && isPlain(text, end))) end++;
  return end;
}

/** Whether a character below U+0080 is a grapheme by itself. */
function isPlain(text: string, at: number): boolean {
  const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
  return next < 0x80 && !(next === 0x0a && text.charCodeAt(at) === 0x0d) && !(text.charCodeAt(at) === 0x0a && text.charCodeAt(at - 1) === 0x0d);
}

function* graphemesOf(segmenter: Intl.Segmenter, text: string): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Of UTF-8; exact up to 6. */
function byteLength(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length && bytes < 6; at++) {
    const unit = text.charCodeAt(at);
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit < 0xe000 ? 2 : 3;
  }
  return bytes;
}
