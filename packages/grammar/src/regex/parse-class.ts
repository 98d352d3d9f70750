import { complementRanges, normalRanges, type ScalarRange } from "../text/ranges.ts";
import { readEscape } from "./escapes.ts";
import type { Reader } from "./reader.ts";

/** `[…]`, its opening bracket read already. */
export const parseClass = (reader: Reader, closed: (ranges: readonly ScalarRange[]) => readonly ScalarRange[]): readonly ScalarRange[] => {
  const opening = reader.position - 1;
  const negated = reader.takes("^");
  const ranges: ScalarRange[] = [];
  while (!reader.takes("]")) {
    if (reader.done) throw reader.invalid("this class is never closed", opening);
    const position = reader.position;
    const from = readMember(reader);
    if (!reader.sees("-") || reader.sees("-]")) {
      add(ranges, from);
      continue;
    }
    reader.takes("-");
    if (reader.done) throw reader.invalid("this class is never closed", opening);
    const to = readMember(reader);
    if (typeof from === "number" && typeof to === "number") {
      if (from > to) throw reader.invalid("a range goes backwards", position);
      ranges.push([from, to]);
    } else {
      // [\w-.] is no range; without the u flag it is the set, the hyphen and the full stop
      for (const member of [from, 0x2d, to]) add(ranges, member);
    }
  }
  const folded = closed(normalRanges(ranges));
  return negated ? complementRanges(folded) : folded;
};

const readMember = (reader: Reader): number | readonly ScalarRange[] => (reader.takes("\\") ? readEscape(reader, true) : reader.character());

const add = (ranges: ScalarRange[], member: number | readonly ScalarRange[]): void => {
  if (typeof member === "number") ranges.push([member, member]);
  else ranges.push(...member);
};
