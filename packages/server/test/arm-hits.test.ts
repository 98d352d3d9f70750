import type { Call, Change } from "@cutaway/core";
import { expect, test } from "vitest";
import { armHits } from "../src/explaining/arm-hits.ts";

const run = (text: string) => ({ answers: [{ text }] }) as Call;
const textOf = ({ answers }: Call) => answers[0]?.text;
const change = (symptom: Change["symptom"]): Change => ({ says: "", apply: (request) => request, symptom });
const varies = change((call, arm = [call]) => arm.some((other) => textOf(other) !== textOf(call)));

test("runs are judged alone where each was an observation, and in pairs where pairs were", () => {
  const calls = ["a", "b", "c", "c"].map(run);
  expect(armHits(calls, 2, varies)).toEqual({ per: 2, hits: [true, true, false, false] });
  expect(armHits(calls, 4, varies)).toEqual({ per: 1, hits: [true, true, true, true] });
  const says = change((call) => textOf(call) === "b");
  expect(armHits(calls, 4, says).hits).toEqual([false, true, false, false]);
});

test("a run whose call was deleted is unknown, and no part of any comparison", () => {
  expect(armHits([run("a"), undefined, run("c"), run("d")], 2, varies).hits).toEqual([false, undefined, true, true]);
});
