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

  /**
   * The ids of a text into `matcher`, up to the word that takes their number above `limit`; `offset` is where the text stands, for `places`.
   * False where combining characters follow one another that NFD may have to put in order: then nothing of the result is to be used.
   */
  scan(text: string, matcher: PieceMatcher, limit: number, places?: Places, offset = 0): boolean {
    const codes = this.#codes;
    let afterCombining = -1;
    // Where the word's last character ends, and where the next one stands unless it is marked.
    let wordEnd = 0;
    let expected = -1;
    places?.begin(text, offset);
    for (let at = 0; at < text.length; ) {
      const from = at;
      let code = codes[text.charCodeAt(at++)] as number;
      if (code === unknownYet) {
        const codePoint = text.codePointAt(from) as number;
        at = from + (codePoint > 0xffff ? 2 : 1);
        code = this.#codeOf(codePoint);
      }
      const kind = code & kindMask;
      if (kind === WORD) {
        matcher.push(code >> kindBits);
        if (from !== expected) places?.mark(matcher.characters - 1, from);
        expected = from + 1;
        wordEnd = at;
      } else if (kind === SPACE) {
        matcher.end(places, wordEnd);
        if (matcher.count > limit) return true;
      } else if (kind === ALONE) {
        matcher.end(places, wordEnd);
        matcher.push(code >> kindBits);
        places?.mark(0, from);
        matcher.end(places, at);
        expected = -1;
        if (matcher.count > limit) return true;
      } else if (kind !== DROPPED) {
        for (const part of kind === SEVERAL ? (this.#several[code >> kindBits] as number[]) : [code]) {
          const partKind = part & kindMask;
          if (partKind !== WORD && partKind !== COMBINING) matcher.end(places, wordEnd);
          if (partKind === SPACE) continue;
          if (partKind === COMBINING && afterCombining === matcher.characters) return false;
          matcher.push(part >> kindBits);
          places?.mark(matcher.characters - 1, from);
          wordEnd = at;
          if (partKind === ALONE) matcher.end(places, at);
          else if (partKind === COMBINING) afterCombining = matcher.characters;
        }
        expected = -1;
      }
    }
    matcher.end(places, wordEnd);
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
