import fc from "fast-check";
import { expect, test } from "vitest";
import { createPromptReader, pieceLength } from "../src/prompt-reader.ts";
import { scriptedStepper } from "../src/testing.ts";

/** A stepper that writes down in which pieces it was fed: what a position holds depends on the piece it came in. */
function recordingStepper() {
  const marks: string[] = [];
  let fed = 0;
  const stepper = scriptedStepper(() => [0], { vocabSize: 1, capacity: 10_000 });
  const feed = stepper.feed.bind(stepper);
  const truncate = stepper.truncate.bind(stepper);
  stepper.feed = (ids) => {
    for (let i = 0; i < ids.length; i++) marks.push(`${ids[i]} at ${i} of ${ids.length}`);
    fed += ids.length;
    return feed(ids);
  };
  stepper.truncate = (length) => {
    marks.length = length;
    truncate(length);
  };
  return { stepper, marks, fed: () => fed };
}

const never = () => false;

test("a prompt is in the stepper as if it were the first, whatever was read and generated before", async () => {
  const ids = fc
    .array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 5 })
    .map((bits) => Uint32Array.from(bits.flatMap((bit) => Array(100).fill(bit))));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ ids, generated: fc.nat({ max: 80 }), stopAfter: fc.nat({ max: 6 }) }), { minLength: 1, maxLength: 5 }),
      ids,
      async (earlier, last) => {
        const used = recordingStepper();
        const reader = createPromptReader(used.stepper);
        for (const { ids, generated, stopAfter } of earlier) {
          let pieces = 0;
          await reader.read(ids, () => pieces++ >= stopAfter);
          for (let i = 0; i < generated; i++) await used.stepper.feed([1]);
        }
        await reader.read(last, never);
        const fresh = recordingStepper();
        await createPromptReader(fresh.stepper).read(last, never);
        expect(used.marks).toEqual(fresh.marks);
      },
    ),
  );
});

test("the same prompt again is not read, and its logits are the same, whatever was generated after it", async () => {
  const stepper = scriptedStepper((ids) => [ids.length, 0], { vocabSize: 2, capacity: 10_000 });
  const reader = createPromptReader(stepper);
  const ids = new Uint32Array(pieceLength + 5);
  expect((await reader.read(ids, never))?.[0]).toBe(pieceLength + 5);
  await stepper.feed([1, 1, 1]);
  expect(reader.shared(ids)).toBe(pieceLength + 5);
  expect((await reader.read(ids, never))?.[0]).toBe(pieceLength + 5);
  expect(stepper.length).toBe(pieceLength + 5);
});

test("a prompt that goes on where the last one ended shares its whole pieces; one that ends before it, too", async () => {
  const { stepper, fed } = recordingStepper();
  const reader = createPromptReader(stepper);
  await reader.read(new Uint32Array(pieceLength * 2 + 5), never);
  expect(reader.shared(new Uint32Array(pieceLength * 2 + 9))).toBe(pieceLength * 2);
  expect(reader.shared(new Uint32Array(pieceLength * 2))).toBe(pieceLength);
  const before = fed();
  await reader.read(new Uint32Array(pieceLength * 2 + 9), never);
  expect(fed() - before).toBe(9);
});

test("a prompt that was not read to its end is not taken for one that was", async () => {
  const { stepper, fed } = recordingStepper();
  const reader = createPromptReader(stepper);
  const ids = new Uint32Array(pieceLength * 2);
  let pieces = 0;
  expect(await reader.read(ids, () => pieces++ >= 1)).toBeUndefined();
  expect(fed()).toBe(pieceLength);
  expect(reader.shared(ids.subarray(0, pieceLength))).toBe(0);
  await reader.read(ids, never);
  expect(fed()).toBe(pieceLength * 2);
});

test("forgotten, nothing is shared", async () => {
  const { stepper } = recordingStepper();
  const reader = createPromptReader(stepper);
  const ids = new Uint32Array(pieceLength * 2);
  await reader.read(ids, never);
  reader.forget();
  expect(reader.shared(ids)).toBe(0);
});
