import { Utf8Buffer } from "../bpe/utf8-buffer.ts";
import { next } from "../scan/character-class.ts";
import type { Ranges } from "../text-splitter.ts";
import { Utf16Cursor } from "../utf16-cursor.ts";
import { metaspace, type PreTokenStep, type PreTokens } from "./metaspace.ts";
import { type Prepare, placeOneByOne } from "./text-preparation.ts";

/** A stretch, normalised already, cut into pieces by the steps of a `pre_tokenizer`. */
export function preparePreTokens(steps: readonly PreTokenStep[]): Prepare {
  const buffer = new Utf8Buffer();
  return (given) => {
    const { stretch, ranges } = steps.reduce(applied, { stretch: given, ranges: [0, given.text.length] });
    const { bytes, view, length } = buffer.fill(stretch.text);
    const spans = () => {
      const cursor = new Utf16Cursor(buffer);
      return (start: number, end: number) => stretch.origin(cursor.span(start, end));
    };
    return {
      bytes,
      view,
      length,
      ...(steps.length > 0 && { ranges: byteRanges(ranges, buffer) }),
      spans,
      place: (list, first) => placeOneByOne(spans(), list, first),
      steps: () => [...stretch.steps],
    };
  };
}

function applied(before: PreTokens, step: PreTokenStep): PreTokens {
  if (step.kind === "metaspace") return metaspace(before, step.rules);
  const { stretch, ranges } = before;
  const after: Ranges = [];
  for (let index = 0; index < ranges.length; index += 2) step.split(stretch.text, ranges[index] as number, ranges[index + 1] as number, after);
  return { stretch, ranges: after };
}

/** Ranges of UTF-16 units, in order, as ranges of bytes. */
function byteRanges(ranges: Ranges, { bytes, length }: Utf8Buffer): number[] {
  let unit = 0;
  let byte = 0;
  return ranges.map((place) => {
    while (unit < place && byte < length) {
      const after = next(bytes, byte);
      unit += after - byte === 4 ? 2 : 1;
      byte = after;
    }
    return byte;
  });
}
