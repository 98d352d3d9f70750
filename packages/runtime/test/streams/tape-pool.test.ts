import { describe, expect, test } from "vitest";
import { createTapePool, type Need, type Tape } from "../../src/streams/tape-pool.ts";
import { scriptedStepper } from "../../src/testing.ts";

interface Made {
  capacity: number;
  isClosed: boolean;
}

function pool({ tapes = 4, positions = 4096 } = {}) {
  const made: Made[] = [];
  const pool = createTapePool({
    tapes,
    positions,
    newStepper(capacity) {
      const entry = { capacity, isClosed: false };
      made.push(entry);
      const close = () => {
        entry.isClosed = true;
      };
      return Object.assign(
        scriptedStepper(() => new Map([[0, 0]]), { vocabSize: 1000, capacity }),
        { close },
      );
    },
  });
  const open = () => made.filter(({ isClosed }) => !isClosed);
  return { pool, ...pool, made, open };
}

const need = (positions: number, { ids = [1], isStopped = () => false }: { ids?: number[]; isStopped?: () => boolean } = {}): Need => ({
  positions,
  ids: Uint32Array.from(ids),
  isStopped,
});
const settled = () => new Promise((resolve) => setImmediate(resolve));
/** What has come of a promise by now. */
async function stateOf(promise: Promise<Tape | undefined>): Promise<"waits" | "has a tape" | "went away"> {
  let state: "waits" | "has a tape" | "went away" = "waits";
  promise.then((tape) => {
    state = tape ? "has a tape" : "went away";
  });
  await settled();
  return state;
}

test("a tape is as long as its answer needs, in steps of 256", async () => {
  const { take, made } = pool();
  await take(need(1));
  await take(need(256));
  await take(need(257));
  expect(made.map(({ capacity }) => capacity)).toEqual([256, 256, 512]);
});

test("no more tapes are in use than allowed: the others wait, and come in the order in which they asked", async () => {
  const { take, giveBack } = pool({ tapes: 2 });
  const [first, second] = [await take(need(10)), await take(need(10))];
  const [third, fourth] = [take(need(10)), take(need(10))];
  expect([await stateOf(third), await stateOf(fourth)]).toEqual(["waits", "waits"]);
  giveBack(second as Tape);
  expect([await stateOf(third), await stateOf(fourth)]).toEqual(["has a tape", "waits"]);
  giveBack(first as Tape);
  expect(await stateOf(fourth)).toBe("has a tape");
});

test("a long answer at the head of the line is not overtaken for ever by short ones", async () => {
  const { take, giveBack } = pool({ positions: 1024 });
  const short = await take(need(256));
  const long = take(need(1024));
  const after = take(need(10));
  expect([await stateOf(long), await stateOf(after)]).toEqual(["waits", "waits"]);
  giveBack(short as Tape);
  expect([await stateOf(long), await stateOf(after)]).toEqual(["has a tape", "waits"]);
});

test("one answer alone may need more than there is for all", async () => {
  const { take } = pool({ positions: 512 });
  expect(await stateOf(take(need(2000)))).toBe("has a tape");
});

test("positions of all tapes, used and unused, stay within the bound", async () => {
  const { take, giveBack, open } = pool({ tapes: 8, positions: 1024 });
  const taken = [];
  for (let i = 0; i < 4; i++) taken.push(await take(need(200)));
  expect(await stateOf(take(need(200, { isStopped: () => false })))).toBe("waits");
  for (const tape of taken) giveBack(tape as Tape);
  await settled();
  expect(open().reduce((sum, { capacity }) => sum + capacity, 0)).toBeLessThanOrEqual(1024);
  // The longest-unused go first to make room for one that fits none.
  await take(need(700));
  expect(open().reduce((sum, { capacity }) => sum + capacity, 0)).toBeLessThanOrEqual(1024);
});

describe("which tape an answer gets", () => {
  const prompt = (start: number) => Array.from({ length: 300 }, (_, i) => start + (i % 100));

  test("the one that holds the beginning of its prompt", async () => {
    const { take, giveBack } = pool();
    const one = (await take(need(400, { ids: prompt(0) }))) as Tape;
    await one.reader.read(Uint32Array.from(prompt(0)), () => false);
    const other = (await take(need(400, { ids: prompt(500) }))) as Tape;
    await other.reader.read(Uint32Array.from(prompt(500)), () => false);
    giveBack(one);
    giveBack(other);
    expect(await take(need(400, { ids: [...prompt(0), 7] }))).toBe(one);
    expect(await take(need(400, { ids: [...prompt(500), 7] }))).toBe(other);
  });

  test("a new one rather than one that another conversation may come back to, while there is room", async () => {
    const { take, giveBack, made } = pool({ tapes: 2 });
    const one = (await take(need(10))) as Tape;
    giveBack(one);
    giveBack((await take(need(10, { ids: [9] }))) as Tape);
    expect(made).toHaveLength(2);
    await take(need(10, { ids: [8] }));
    expect(made).toHaveLength(2);
  });
});

test("a long tape is given up rather than spent on a short answer while others need its room", async () => {
  const { take, giveBack, open } = pool({ positions: 2048 });
  giveBack((await take(need(2000))) as Tape);
  const short = [await take(need(10)), await take(need(10)), await take(need(10))];
  expect(short.every((tape) => tape?.stepper.capacity === 256)).toBe(true);
  expect(open().map(({ capacity }) => capacity)).toEqual([256, 256, 256]);
});

test("who does not want to wait any longer leaves the line, and is no answer's turn", async () => {
  const { pool: line, take, giveBack, sweep } = pool({ tapes: 1 });
  const first = (await take(need(10))) as Tape;
  let isStopped = false;
  const second = take(need(10, { isStopped: () => isStopped }));
  const third = take(need(10));
  isStopped = true;
  sweep();
  expect(await stateOf(second)).toBe("went away");
  giveBack(first);
  expect(await stateOf(third)).toBe("has a tape");
  expect(line.counts).toMatchObject({ taken: 1, waiting: 0 });
});

test("a tape that cannot be made is that answer's trouble, and nobody else's", async () => {
  let isBroken = true;
  const line = createTapePool({
    tapes: 2,
    positions: 1000,
    newStepper(capacity) {
      if (isBroken) throw new Error("no memory");
      return scriptedStepper(() => new Map(), { vocabSize: 10, capacity });
    },
  });
  await expect(line.take(need(10))).rejects.toThrow("no memory");
  isBroken = false;
  expect(await stateOf(line.take(need(10)))).toBe("has a tape");
  expect(line.counts).toMatchObject({ taken: 1, waiting: 0 });
});

test("all are closed at the end", async () => {
  const { take, giveBack, close, open } = pool();
  await take(need(10));
  giveBack((await take(need(10, { ids: [3] }))) as Tape);
  close();
  expect(open()).toEqual([]);
});
