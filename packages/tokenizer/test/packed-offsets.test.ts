import { seededRandom } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { unitsToBytes } from "../src/packed-offsets.ts";

const utf8 = new TextEncoder();
/** A unit inside a surrogate pair is taken for the pair's first. */
const bytesBefore = (text: string, unit: number): number => {
  const isInside = (text.codePointAt(unit - 1) ?? 0) > 0xffff;
  return utf8.encode(text.slice(0, isInside ? unit - 1 : unit)).length;
};

const alphabets = { ascii: "abc \n", mostly: "aaaaaaaaaaaaaaaa é", mixed: "aé日🎉\u0301 ", lone: "a\ud800é\udc00" };

describe.each(Object.entries(alphabets))("ranges of units become ranges of bytes: %s", (_name, alphabet) => {
  const characters = [...alphabet];
  test.each(["in order", "with gaps", "some twice", "any"])("%s", (kind) => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const below = (limit: number) => Math.floor(random() * limit);
      const text = Array.from({ length: below(80) }, () => characters[below(characters.length)]).join("");
      const ranges: [number, number][] = [];
      for (let at = 0; at <= text.length; ) {
        const start = Math.min(text.length, at + (kind === "with gaps" ? below(3) : 0));
        const end = Math.min(text.length, start + below(6));
        const range: [number, number] = kind === "any" ? [below(text.length + 1), below(text.length + 1)] : [start, end];
        ranges.push(range);
        if (kind === "some twice" && below(3) === 0) ranges.push(range);
        at = end + (end === at ? 1 : 0);
      }
      const starts = Uint32Array.from(ranges, ([start]) => start);
      const ends = Uint32Array.from(ranges, ([, end]) => end);
      unitsToBytes(text, starts, ends);
      expect([...starts]).toEqual(ranges.map(([start]) => bytesBefore(text, start)));
      expect([...ends]).toEqual(ranges.map(([, end]) => bytesBefore(text, end)));
    }
  });
});
