import { CutawayError, type EncodeOptions, type Span, type Tokenizer } from "@cutaway/core";
import { hasTextCuts, partsAtCuts } from "./text-cuts.ts";

export interface CutOptions extends EncodeOptions {
  /** Which end of the text stays. Default: `start`. */
  keep?: "start" | "end";
}

/** Spans up to this many characters are tried out at every one of them. */
const everyPlace = 512;
/** Where a longer one is searched by halving, so many more characters are tried beyond what was found. */
const beyond = 64;

/**
 * The longest beginning (or end) of a text that has at most `limit` tokens when it is encoded alone, cut between characters (code points).
 * Adding text can lower a count, so "longest" needs saying: no longer one fits, where the tokenizer knows places at which a text can be cut that lie no
 * farther apart than 512 characters there; elsewhere none that is up to 64 characters longer fits. Either way what is returned fits.
 * limit    tokens, 0 or more; with `addSpecialTokens`, those count too
 * returns  the range of `text` in UTF-16 units, and its count; undefined where even the empty text has too many tokens
 * throws   `bad-limit` for a limit that is no count; what `encode` throws for the text that it reads
 */
export function cutAtLimit(tokenizer: Tokenizer, text: string, limit: number, options: CutOptions = {}): (Span & { count: number }) | undefined {
  if (!(Number.isInteger(limit) && limit >= 0)) {
    throw new CutawayError("bad-limit", `cutAtLimit: the limit ${limit} is not a number of tokens`, {
      fix: "Give a whole number, 0 or more.",
      data: { limit },
    });
  }
  const { keep = "start", addSpecialTokens, ...own } = options;
  const around = tokenizer.count("", { addSpecialTokens });
  if (around > limit) return undefined;
  const side = keep === "start" ? fromStart(text) : fromEnd(text);
  const { length, count } = longestWithin(tokenizer, side, limit - around, own);
  return { ...side.span(0, length), count: count + around };
}

/** A text seen from the side that stays: places are distances from there. */
interface Side {
  text: string;
  /** The unit of a text of so many that is at this place. */
  unitAt: (place: number, length: number) => number;
  span: (near: number, far: number) => Span;
  /** Whether the place is not inside a surrogate pair. */
  isBetween: (place: number) => boolean;
}

const fromStart = (text: string): Side => ({
  text,
  unitAt: (place) => place,
  span: (near, far) => ({ start: near, end: far }),
  isBetween: (place) => isBetweenCharacters(text, place),
});
const fromEnd = (text: string): Side => ({
  text,
  unitAt: (place, length) => length - place,
  span: (near, far) => ({ start: text.length - far, end: text.length - near }),
  isBetween: (place) => isBetweenCharacters(text, text.length - place),
});

const isBetweenCharacters = (text: string, at: number) => (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800 || (text.charCodeAt(at) & 0xfc00) !== 0xdc00;

function longestWithin(tokenizer: Tokenizer, side: Side, limit: number, options: EncodeOptions): { length: number; count: number } {
  let near = 0;
  let spent = 0;
  const countOf = (far: number) => {
    const { start, end } = side.span(near, far);
    return tokenizer.countWithinLimit(side.text.slice(start, end), limit - spent, options);
  };
  // Whole parts between cuts first: their counts add up, so none beyond the one that is too much can fit. Then the parts of that one.
  let far = side.text.length;
  for (const units of hasTextCuts(tokenizer) ? [4096, 256, 1] : []) {
    for (const part of partsFrom(tokenizer, side, near, far, units)) {
      const count = countOf(part);
      if (count === undefined) {
        far = part;
        break;
      }
      spent += count;
      near = part;
    }
    if (near === far) return { length: near, count: spent };
  }
  const fits = (place: number) => (side.isBetween(place) ? countOf(place) : undefined);
  const length = far - near <= everyPlace ? lastOfAll(fits, near, far) : lastNear(fits, halved(fits, side, near, far), far);
  return { length, count: spent + (countOf(length) ?? 0) };
}

/** The far ends of the parts between two places, in order. */
function* partsFrom(tokenizer: Tokenizer, side: Side, near: number, far: number, units: number): Iterable<number> {
  if (!hasTextCuts(tokenizer)) return;
  // `near` and `far` are cuts, so that what lies between them is cut as a text of its own.
  const { start, end } = side.span(near, far);
  const text = side.text.slice(start, end);
  for (const part of partsAtCuts(text, units, (place) => tokenizer.cutsAt(text, side.unitAt(place, text.length)))) yield near + part.end;
}

type Fits = (place: number) => number | undefined;

/** The last place up to `to` that fits; `from` does. */
function lastOfAll(fits: Fits, from: number, to: number): number {
  for (let place = to; place > from; place--) if (fits(place) !== undefined) return place;
  return from;
}

/** The same, given up where so many places after one that fits do not. */
function lastNear(fits: Fits, from: number, to: number): number {
  let last = from;
  for (let place = from + 1; place <= to && place <= last + beyond; place++) if (fits(place) !== undefined) last = place;
  return last;
}

/** A place that fits, such that one a character farther does not: by doubling the distance, then halving it. */
function halved(fits: Fits, side: Side, near: number, far: number): number {
  const between = (place: number) => (side.isBetween(place) ? place : place - 1);
  let low = near;
  let high = near;
  for (let step = 256; high === low; step *= 2) {
    high = between(Math.min(far, near + step));
    if (fits(high) !== undefined) low = high;
    if (low === far) return far;
  }
  while (high - low > 1) {
    const middle = between((low + high) >> 1);
    if (middle <= low) break;
    if (fits(middle) === undefined) high = middle;
    else low = middle;
  }
  return low;
}
