import { Utf8Buffer } from "../bpe/utf8-buffer.ts";
import { Utf8Walk } from "../utf8-walk.ts";
import { Utf16Cursor } from "../utf16-cursor.ts";
import type { SentenceNormalizer } from "./normalize-sentence.ts";
import { type Prepare, placeOneByOne } from "./text-preparation.ts";
import type { TokenList } from "./token-list.ts";

/** A stretch as SentencePiece prepares a sentence: normalised as a whole, one piece. */
export function prepareSentence(normalizer: SentenceNormalizer, step: string): Prepare {
  const source = new Utf8Buffer();
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  return (stretch, keepOrigins) => {
    source.fill(stretch.text);
    normalizer.run(source.bytes, source.length, keepOrigins);
    const spans = () => {
      const cursor = new Utf16Cursor(source);
      return (start: number, end: number) => {
        const { from, to } = normalizer.originOf(start, end);
        return stretch.origin(cursor.span(from, to));
      };
    };
    return {
      bytes: normalizer.bytes,
      view: normalizer.view,
      length: normalizer.length,
      spans,
      place(list, first, unit) {
        const { offset } = stretch;
        if (offset === undefined) return placeOneByOne(spans(), list, first);
        // Bytes of the stretch are units of it where all is ASCII, and bytes of the text where it stands at its beginning.
        const isAscii = source.length === stretch.text.length;
        if (isAscii || (offset === 0 && unit === "utf8")) placeInBytes(normalizer, offset, list, first);
        else placeInUnits(normalizer, source, offset, list, first);
        return !isAscii && offset === 0 ? unit : "utf16";
      },
      steps: () => [...stretch.steps, { step, text: utf8.decode(normalizer.bytes.subarray(0, normalizer.length)) }],
    };
  };
}

/** The tokens' ranges become those in the source, which begins at `offset`. */
function placeInBytes(normalizer: SentenceNormalizer, offset: number, { starts, ends, length }: TokenList, first: number): void {
  for (let at = first; at < length; at++) {
    starts[at] = offset + normalizer.originStart(starts[at] as number);
    ends[at] = offset + normalizer.originEnd(ends[at] as number);
  }
}

/** The same in UTF-16 units. Ranges come in order; a second walk follows behind for those that begin before the end of the one before them. */
function placeInUnits(normalizer: SentenceNormalizer, source: Utf8Buffer, offset: number, list: TokenList, first: number): void {
  const { starts, ends, length } = list;
  const walk = new Utf8Walk(source);
  const behind = new Utf8Walk(source);
  let lastFrom = -1;
  let start = 0;
  for (let at = first; at < length; at++) {
    const from = normalizer.originStart(starts[at] as number);
    const to = normalizer.originEnd(ends[at] as number);
    if (from >= walk.byte) {
      walk.toByte(from);
      start = walk.unit;
    } else if (from !== lastFrom) {
      behind.toByte(from);
      start = behind.unit;
    }
    lastFrom = from;
    walk.toByte(to);
    starts[at] = offset + start;
    ends[at] = offset + walk.unit;
  }
}
