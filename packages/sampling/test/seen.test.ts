import fc from "fast-check";
import { expect, test } from "vitest";
import { createCounter } from "../src/seen.ts";

const history = fc.array(fc.nat(12), { maxLength: 30 });

test("what was counted before changes nothing of what is counted now", () => {
  const steps = fc.array(
    fc.oneof(
      history.map((tokens) => ({ tokens, goesOn: false })),
      history.map((tokens) => ({ tokens, goesOn: true })),
    ),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(steps, fc.nat(8), fc.array(fc.constantFrom(10, 11), { minLength: 12, maxLength: 12 }), (given, from, sizes) => {
      const count = createCounter();
      let before: number[] = [];
      for (const [i, { tokens, goesOn }] of given.entries()) {
        before = goesOn ? [...before, ...tokens] : tokens;
        const size = sizes[i] as number;
        const expected = new Map<number, number>();
        for (const id of before.slice(from)) if (id < size) expected.set(id, (expected.get(id) ?? 0) + 1);
        expect(count(before, from, size)).toEqual({ ids: [...expected.keys()], counts: [...expected.values()] });
      }
    }),
  );
});
