import type { TextStretch } from "../stretches.ts";
import type { Ranges } from "../text-splitter.ts";
import type { Alphabet } from "./alphabet.ts";
import type { PieceMatcher } from "./piece-matcher.ts";
import type { Places } from "./places.ts";

/** The words of a stretch into `matcher`, up to the one that takes the number of ids above `limit`. */
export function matchPieces(
  { text, origin }: TextStretch,
  words: Ranges,
  alphabet: Alphabet,
  matcher: PieceMatcher,
  limit: number,
  places: Places | undefined,
): void {
  const first = places?.count ?? 0;
  for (let index = 0; index < words.length && matcher.count <= limit; index += 2) {
    const end = words[index + 1] as number;
    for (let at = words[index] as number; at < end; ) {
      const codePoint = text.codePointAt(at) as number;
      matcher.push(alphabet.symbolOf(wellFormed(codePoint)));
      const width = codePoint > 0xffff ? 2 : 1;
      places?.mark(matcher.characters - 1, at, width);
      at += width;
    }
    matcher.end(places, end);
  }
  places?.move(first, origin);
}

/** A lone surrogate counts as U+FFFD. */
const wellFormed = (codePoint: number): number => (codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint);
