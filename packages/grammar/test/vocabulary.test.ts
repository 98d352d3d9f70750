import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placesOf } from "../src/matcher/nearest.ts";
import { alphabetOf, other } from "../src/vocabulary/alphabets.ts";
import { classify, controlClass, jsonClass } from "../src/vocabulary/token-classes.ts";
import type { Tries } from "../src/vocabulary/trie.ts";
import { vocabularyOf } from "../src/vocabulary/vocabulary.ts";
import { vocabularyOfTokens } from "./small-vocabulary.ts";

const encoder = new TextEncoder();

/** What of each token's bytes stands below a place. */
function textsBelow({ byte, depth, end, token }: Tries, place: number): string[] {
  const path: number[] = [];
  const found: string[] = [];
  for (let below = place + 1; below < (end[place] as number); below++) {
    path.length = (depth[below] as number) - (depth[place] as number) - 1;
    path.push(byte[below] as number);
    if ((token[below] as number) >= 0) found.push(new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(path)));
  }
  return found;
}

const tokens = fc.array(
  fc.oneof(
    fc
      .string({ unit: fc.constantFrom(...'abZ "\\\n1_-./<', "é", "字", "😀", "\u00a0", "\u2028", "\u3000"), maxLength: 5 })
      .map((text) => encoder.encode(text)),
    fc.uint8Array({ maxLength: 4 }),
    fc.constant(undefined),
  ),
  { maxLength: 40 },
);

describe("a vocabulary", () => {
  it("has every text token at the end of its bytes, once, and others with the same bytes beside it", () => {
    fc.assert(
      fc.property(tokens, (tokens) => {
        const { tries, twins, isText, byLength } = vocabularyOf(vocabularyOfTokens(tokens));
        const same = (x: Uint8Array, y: Uint8Array | undefined): boolean =>
          y !== undefined && x.length === y.length && x.every((byte, i) => byte === y[i]);
        for (const [id, bytes] of tokens.entries()) {
          const isToken = bytes !== undefined && bytes.length > 0;
          expect(isText[id]).toBe(isToken ? 1 : 0);
          if (!isToken) continue;
          const first = tokens.findIndex((other) => same(bytes, other));
          const ends = [...placesOf(tries, bytes)].filter(({ place }) => (tries.token[place] as number) >= 0);
          expect(ends.map(({ place }) => tries.token[place])).toEqual([first]);
          expect(twins.some(([lowest, twin]) => lowest === first && twin === id)).toBe(first !== id);
          const { kind, characters } = classify(bytes, 0, bytes.length);
          if (kind < jsonClass) expect([...(byLength[kind]?.[characters] ?? [])]).toContain(id);
          expect(ends[0]?.kind).toBe(kind);
        }
        expect([...tries.order].sort((x, y) => x - y)).toEqual([...new Set(tries.token)].filter((id) => id >= 0).sort((x, y) => x - y));
        for (let place = 1; place < tries.byte.length; place++) {
          const below = [...tries.token.subarray(place, tries.end[place])].filter((id) => id >= 0);
          expect([...tries.order.subarray(tries.rank[place], tries.rank[tries.end[place] as number])]).toEqual(below);
          if (((tries.alphabet[place] as number) & other) !== 0) continue;
          const texts = textsBelow(tries, place);
          // What is said to be characters of the groups is whole, and made of them.
          expect(texts.reduce((all, text) => [...text].reduce((set, one) => set | alphabetOf(one.codePointAt(0) as number), all), 0)).toBe(
            tries.alphabet[place],
          );
          expect(Math.max(0, ...texts.map((text) => [...text].length))).toBe(tries.height[place]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("tells tokens apart by what they are made of", () => {
    const of = (text: string | Uint8Array): [number, number] => {
      const bytes = typeof text === "string" ? encoder.encode(text) : text;
      const { kind, characters } = classify(bytes, 0, bytes.length);
      return [kind, characters];
    };
    expect(of("abc")).toEqual([0, 3]);
    expect(of("Abc")).toEqual([1, 3]);
    expect(of(" abc")).toEqual([2, 4]);
    expect(of(" ")).toEqual([3, 1]);
    expect(of("a-1")).toEqual([3, 3]);
    expect(of(" é字😀")).toEqual([4, 4]);
    expect(of("a\u2028")).toEqual([jsonClass, 0]);
    expect(of("字\u3000")).toEqual([jsonClass, 0]);
    expect(of('a"')).toEqual([jsonClass, 0]);
    expect(of("\\")).toEqual([jsonClass, 0]);
    expect(of(Uint8Array.of(0x61, 0xe5, 0xad))).toEqual([jsonClass, 0]);
    expect(of(Uint8Array.of(0xed, 0xa0, 0x80))).toEqual([jsonClass, 0]);
    expect(of(Uint8Array.of(0xc0, 0x80))).toEqual([jsonClass, 0]);
    expect(of("a\n")).toEqual([controlClass, 0]);
  });
});
