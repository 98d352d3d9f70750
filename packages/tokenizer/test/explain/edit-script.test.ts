import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyScript, editScript, type Replacement } from "../../src/explain/index.ts";

/** Length of the longest common subsequence, by the table. */
function commonLength(a: readonly number[], b: readonly number[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    const next = [0];
    for (const [j, y] of b.entries()) next.push(x === y ? (row[j] as number) + 1 : Math.max(row[j + 1] as number, next[j] as number));
    row = next;
  }
  return row[b.length] as number;
}

const edits = (replacements: readonly Replacement[]): number =>
  replacements.reduce((sum, { a, b }) => sum + (a.end - a.start) + (b.end - b.start), 0);

const ids = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 });

describe("an edit script", () => {
  it("turns the one sequence into the other, and no script does so with less", () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const { replacements, minimal } = editScript(a, b);
        expect(applyScript(a, b, replacements)).toEqual(b);
        expect(edits(replacements)).toBe(a.length + b.length - 2 * commonLength(a, b));
        expect(minimal).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("has its replacements in order, none empty, with something kept between them", () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        let at = -1;
        for (const { a: from, b: to } of editScript(a, b).replacements) {
          expect(from.end - from.start + (to.end - to.start)).toBeGreaterThan(0);
          expect(from.start).toBeGreaterThan(at);
          at = from.end;
        }
      }),
    );
  });

  it("is right, and says that it may not be minimal, where the steps do not suffice", () => {
    let cut = 0;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const sequence = (from: number) => Array.from({ length: 700 }, (_, i) => ((i * i * 31 + i * from + seed) >> 3) % 7);
        const [a, b] = [sequence(17), sequence(113)];
        const { replacements, minimal } = editScript(a, b, 1);
        expect(applyScript(a, b, replacements)).toEqual(b);
        if (minimal) expect(edits(replacements)).toBe(a.length + b.length - 2 * commonLength(a, b));
        else cut++;
      }),
      { numRuns: 40 },
    );
    expect(cut).toBeGreaterThan(0);
  });

  it("of 100,000 ids with 1,000 differences is exact, and of 100,000 that have nothing to do with one another ends within its bound", () => {
    let state = 1;
    const draw = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const a = Uint32Array.from({ length: 100_000 }, () => draw(5000));
    const alike = a.slice();
    for (let i = 0; i < 1000; i++) alike[i * 100] = 5000 + i;
    const few = editScript(a, alike);
    expect([few.minimal, edits(few.replacements)]).toEqual([true, 2000]);

    const other = Uint32Array.from({ length: 100_000 }, () => draw(50));
    const strange = editScript(
      Uint32Array.from(a, (id) => id % 50),
      other,
    );
    expect(strange.minimal).toBe(false);
    expect(
      applyScript(
        Array.from(a, (id) => id % 50),
        other,
        strange.replacements,
      ),
    ).toEqual(Array.from(other));
  }, 30_000);

  it("of ids that only one side has needs no search", () => {
    const a = Uint32Array.from({ length: 100_000 }, (_, i) => i);
    const b = Uint32Array.from({ length: 100_000 }, (_, i) => 200_000 + i);
    expect(editScript(a, b)).toEqual({ replacements: [{ a: { start: 0, end: 100_000 }, b: { start: 0, end: 100_000 } }], minimal: true });
  });
});
