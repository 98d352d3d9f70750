import { PairMemo, rulesOfMerges } from "../bpe/pair-ranks.ts";
import type { Vocabulary } from "../bpe/vocabulary.ts";
import type { Fields } from "../json/fields.ts";
import { writeUtf8 } from "./write-utf8.ts";

/** The `merges` of a BPE model over characters: `"left right"` or `["left", "right"]`, the first with the lowest rank. Both sides and what they make must be tokens. */
export function readCharacterMerges(model: Fields, vocabulary: Vocabulary): PairMemo {
  const merges = model.list("merges");
  const left = new Int32Array(merges.length);
  const right = new Int32Array(merges.length);
  const made = new Int32Array(merges.length);
  let bytes = new Uint8Array(1024);
  let view = new DataView(bytes.buffer);
  const find = (start: number, end: number) => vocabulary.find(view, start, end - start);
  for (let rank = 0; rank < merges.length; rank++) {
    const sides = sidesOf(merges[rank]);
    if (!sides) throw model.bad(`${model.at("merges")}[${rank}] is not a pair of tokens`);
    const [first, second] = sides;
    if (3 * (first.length + second.length) + 4 > bytes.length) {
      bytes = new Uint8Array(6 * (first.length + second.length) + 8);
      view = new DataView(bytes.buffer);
    }
    const middle = writeUtf8(first, bytes, 0);
    const end = writeUtf8(second, bytes, middle);
    left[rank] = find(0, middle);
    right[rank] = find(middle, end);
    made[rank] = find(0, end);
    if ((left[rank] as number) < 0 || (right[rank] as number) < 0 || (made[rank] as number) < 0) {
      const shown = JSON.stringify(sides.map((side) => side.slice(0, 40)));
      throw model.bad(`${model.at("merges")}[${rank}] merges ${shown}, of which a part or the result is not a token`);
    }
  }
  return new PairMemo(rulesOfMerges(left, right, made));
}

function sidesOf(merge: unknown): [string, string] | undefined {
  if (Array.isArray(merge))
    return merge.length === 2 && typeof merge[0] === "string" && typeof merge[1] === "string" ? [merge[0], merge[1]] : undefined;
  if (typeof merge !== "string") return undefined;
  const space = merge.indexOf(" ");
  return space < 0 || merge.indexOf(" ", space + 1) >= 0 ? undefined : [merge.slice(0, space), merge.slice(space + 1)];
}
