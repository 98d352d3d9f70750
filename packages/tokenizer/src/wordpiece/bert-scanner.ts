import type { Alphabet } from "./alphabet.ts";
import {
  type BertRules,
  becomesSpace,
  isChinese,
  isDropped,
  isSpace,
  lowercase,
  orderOfCombining,
  standsAlone,
  withoutAccents,
} from "./bert-text.ts";
import type { PieceMatcher } from "./piece-matcher.ts";
import type { Places } from "./places.ts";

/** What a character does, in the low bits of its code; above them its symbol, or its place in `#several`. */
const WORD = 0;
const SPACE = 1;
const DROPPED = 2;
const ALONE = 3;
const COMBINING = 4;
const SEVERAL = 5;
const kindBits = 3;
const kindMask = 7;
const unknownYet = -1;

/**
 * BERT's normaliser, its pre-tokenizer and the matching of pieces in one pass over a text: what a character becomes is worked out once and kept
 * as a code. Everything but the order of combining characters depends on one character alone.
 */
export class BertScanner {
  readonly #rules: BertRules;
  readonly #alphabet: Alphabet;
  readonly #codes = new Int32Array(0x10000).fill(unknownYet);
  readonly #beyond = new Map<number, number>();
  readonly #several: number[][] = [];

  constructor(rules: BertRules, alphabet: Alphabet) {
    this.#rules = rules;
    this.#alphabet = alphabet;
  }

  /** Where the text of the last call ended. */
  end = 0;

  /**
   * The ids of a text into `matcher`, up to the word that takes their number above `limit`; for `places`, `offset` is where the text stands, and `inBytes`
   * whether they are counted in bytes of UTF-8, not in units. False where combining characters follow one another that NFD may have to put in order: then
   * nothing of the result is to be used.
   */
  scan(text: string, matcher: PieceMatcher, limit: number, places?: Places, offset = 0, inBytes = false): boolean {
    const codes = this.#codes;
    // Code units from here on take more bytes than units.
    const wide = inBytes ? 0x80 : 0x1_0000;
    // How far places are from units.
    let shift = offset;
    let afterCombining = -1;
    // Where the word's last character ends, and its width if the next one, of the same width, needs no mark when it stands there.
    let wordEnd = 0;
    let runWidth = 0;
    for (let at = 0; at < text.length; ) {
      const from = at;
      const unit = text.charCodeAt(at++);
      let code = codes[unit] as number;
      if (code === unknownYet) {
        const codePoint = text.codePointAt(from) as number;
        at = from + (codePoint > 0xffff ? 2 : 1);
        code = this.#codeOf(codePoint);
      }
      const place = from + shift;
      if (unit >= wide) shift += unit < 0x800 ? 1 : 2;
      const end = at + shift;
      const kind = code & kindMask;
      if (kind === WORD) {
        matcher.push(code >> kindBits);
        if (places && (place !== wordEnd || end - place !== runWidth)) {
          runWidth = end - place;
          places.mark(matcher.characters - 1, place, runWidth);
        }
        wordEnd = end;
      } else if (kind === SPACE) {
        matcher.end(places, wordEnd);
        if (matcher.count > limit) return true;
      } else if (kind === ALONE) {
        matcher.end(places, wordEnd);
        matcher.push(code >> kindBits);
        places?.mark(0, place, end - place);
        matcher.end(places, end);
        runWidth = 0;
        if (matcher.count > limit) return true;
      } else if (kind !== DROPPED) {
        for (const part of kind === SEVERAL ? (this.#several[code >> kindBits] as number[]) : [code]) {
          const partKind = part & kindMask;
          if (partKind !== WORD && partKind !== COMBINING) matcher.end(places, wordEnd);
          if (partKind === SPACE) continue;
          if (partKind === COMBINING && afterCombining === matcher.characters) return false;
          matcher.push(part >> kindBits);
          places?.mark(matcher.characters - 1, place, end - place);
          wordEnd = end;
          if (partKind === ALONE) matcher.end(places, end);
          else if (partKind === COMBINING) afterCombining = matcher.characters;
        }
        runWidth = 0;
      }
    }
    matcher.end(places, wordEnd);
    this.end = text.length + shift;
    return true;
  }

  #codeOf(codePoint: number): number {
    if (codePoint > 0xffff) {
      let code = this.#beyond.get(codePoint);
      if (code === undefined) {
        code = this.#makeCode(codePoint);
        this.#beyond.set(codePoint, code);
      }
      return code;
    }
    // A lone surrogate counts as U+FFFD; the places of surrogates stay open, because each begins a pair as well.
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    const code = this.#makeCode(isSurrogate ? 0xfffd : codePoint);
    if (!isSurrogate) this.#codes[codePoint] = code;
    return code;
  }

  #makeCode(codePoint: number): number {
    const { cleanText, handleChineseChars, stripAccents, lowercase: lowers } = this.#rules;
    if (cleanText && isDropped(codePoint)) return DROPPED;
    if (cleanText && becomesSpace(codePoint)) return SPACE;
    const character = String.fromCodePoint(codePoint);
    const bare = stripAccents ? withoutAccents(character) : character;
    const parts = [...(lowers ? [...bare].map(lowercase).join("") : bare)].map((part) => this.#partOf(part.codePointAt(0) as number));
    const apart = handleChineseChars && isChinese(codePoint) ? [SPACE, ...parts, SPACE] : parts;
    if (apart.length === 0) return DROPPED;
    if (apart.length === 1) return apart[0] as number;
    this.#several.push(apart);
    return ((this.#several.length - 1) << kindBits) | SEVERAL;
  }

  #partOf(codePoint: number): number {
    if (isSpace(codePoint)) return SPACE;
    const symbol = this.#alphabet.symbolOf(codePoint) << kindBits;
    if (standsAlone(codePoint)) return symbol | ALONE;
    return symbol | (this.#rules.stripAccents && orderOfCombining(codePoint) > 0 ? COMBINING : WORD);
  }
}
