import type { Stepper } from "@cutaway/core";
import { expect, test } from "vitest";
import { steppersInTurn } from "../../src/streams/in-turn.ts";
import { createTurns } from "../../src/streams/turns.ts";
import { scriptedStepper } from "../../src/testing.ts";

const stepper = () => scriptedStepper((ids) => new Map([[ids.length, 0]]), { vocabSize: 100 });

test("steps of several steppers are made in the order in which they were asked for", async () => {
  const order: string[] = [];
  const inTurn = steppersInTurn(createTurns());
  const noting = (name: string) =>
    inTurn.of({
      ...stepper(),
      async feed() {
        order.push(name);
        return new Float32Array(1);
      },
    });
  const run = async (one: Stepper, steps: number) => {
    for (let i = 0; i < steps; i++) await one.feed([1]);
  };
  const [a, b] = [noting("a"), noting("b")];
  await Promise.all([run(a, 3), run(b, 3)]);
  expect(order.join("")).toBe("ababab");
});

test("a step that waits and is not wanted any more is not made; the stepper is as it was", async () => {
  const inTurn = steppersInTurn(createTurns());
  const [one, other] = [inTurn.of(stepper()), inTurn.of(stepper())];
  let isStopped = false;
  inTurn.wanted(one, () => isStopped);
  await one.feed([1, 2]);
  const steps = [other.feed([1]), one.feed([3])];
  isStopped = true;
  await expect(steps[1]).rejects.toMatchObject({ code: "interrupted" });
  expect([one.length, other.length]).toEqual([2, 1]);
  inTurn.wanted(one, () => false);
  await one.feed([3]);
  expect(one.length).toBe(3);
});
