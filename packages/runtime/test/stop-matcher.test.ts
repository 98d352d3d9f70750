import fc from "fast-check";
import { expect, test } from "vitest";
import { createStopMatcher } from "../src/stop-matcher.ts";

/** The slow twin: looks at all text so far after every byte. */
function slowly(text: string, stops: readonly string[]): { found: string; before: number } | undefined {
  for (let end = 1; end <= text.length; end++) {
    const ending = stops.filter((stop) => text.slice(0, end).endsWith(stop)).sort((a, b) => b.length - a.length);
    if (ending[0] !== undefined) return { found: ending[0], before: end - ending[0].length };
  }
  return undefined;
}

const word = (maxLength: number) => fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength }).map((letters) => letters.join(""));

test("finds what a search through the whole text finds, however the text is cut, and holds only what may begin a stop", () => {
  fc.assert(
    fc.property(fc.array(word(4), { maxLength: 12 }), fc.array(word(5), { minLength: 1, maxLength: 3 }), (pieces, stops) => {
      const matcher = createStopMatcher(stops);
      let text = "";
      for (const piece of pieces) {
        text += piece;
        const expected = slowly(text, stops);
        const match = matcher.read(new TextEncoder().encode(piece));
        if (expected) {
          expect(match).toEqual(expected);
          return;
        }
        const held = Math.max(
          0,
          ...stops.flatMap((stop) =>
            [...stop]
              .map((_, i) => stop.slice(0, i))
              .filter((start) => text.endsWith(start))
              .map((start) => start.length),
          ),
        );
        expect(match).toEqual({ held });
      }
    }),
  );
});

test("without stops nothing is held", () => {
  expect(createStopMatcher([]).read(new TextEncoder().encode("abc"))).toEqual({ held: 0 });
});
