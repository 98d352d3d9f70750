import { expect, test } from "vitest";
import { createTurns } from "../../src/streams/turns.ts";

test("whoever asks comes after all who asked before: each gets one turn a round", async () => {
  const turns = createTurns();
  const order: string[] = [];
  const worker = async (name: string, rounds: number) => {
    for (let i = 0; i < rounds; i++) await turns.take(async () => void order.push(name));
  };
  await Promise.all([worker("a", 4), worker("b", 4), worker("c", 2)]);
  expect(order.join("")).toBe("abcabcabab");
});

test("no turn begins before the one before it has ended, and one that fails is only its own", async () => {
  const turns = createTurns();
  let isInside = false;
  const work = async () => {
    expect(isInside).toBe(false);
    isInside = true;
    await new Promise((resolve) => setTimeout(resolve, 2));
    isInside = false;
    return 1;
  };
  const failing = turns.take(async () => {
    throw new Error("its own");
  });
  const all = Promise.all([turns.take(work), turns.take(work), turns.take(work)]);
  await expect(failing).rejects.toThrow("its own");
  expect(await all).toEqual([1, 1, 1]);
});

test("between turns other work of the thread is done", async () => {
  const turns = createTurns();
  let heard = 0;
  setImmediate(function hear() {
    heard++;
    if (heard < 5) setImmediate(hear);
  });
  for (let i = 0; i < 6; i++) await turns.take(async () => {});
  expect(heard).toBe(5);
});
