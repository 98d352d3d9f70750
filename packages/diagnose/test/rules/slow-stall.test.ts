import { expect, test } from "vitest";
import { call, check, finish, request, text } from "../calls.ts";

const stream = (...gaps: number[]) => {
  let at = 100;
  const chunks = gaps.map((gap): [number, number] => {
    at += gap;
    return [at, 20];
  });
  return { ...call(request(), text("Hi."), finish("stop")), instants: { chunks } };
};

test("a gap far above the usual one", () => {
  const [finding] = check("slow.stall", stream(20, 20, 20, 20, 12_000, 20, 20, 20, 20));
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain", evidence: [{ kind: "timing", at: { start: 3, end: 5 } }] });
  expect(finding?.says).toBe("The stream stood still for 12.0 s after 180 ms; the usual gap between chunks was 20 ms.");
});

test("shorter ones are a note", () => {
  expect(check("slow.stall", stream(20, 20, 20, 4_000, 20, 20, 4_000, 20, 20))[0]).toMatchObject({ severity: "note" });
});

test("silent for an even stream, however slow, and for few chunks", () => {
  expect(check("slow.stall", stream(...Array(20).fill(2_000)))).toEqual([]);
  expect(check("slow.stall", stream(20, 12_000, 20))).toEqual([]);
});

test("a silence that is most of a short stream", () => {
  const [finding] = check("slow.stall", stream(31, 31, 31, 31, 31, 31, 31, 2_500, 31, 31, 31, 31, 31));
  expect(finding?.says).toBe("The stream stood still for 2.5 s after 317 ms; the usual gap between chunks was 31 ms.");
  expect(check("slow.stall", stream(...Array(90).fill(31), 2_500))).toEqual([]);
});

test("silent for the wait between the first bytes and the first token", () => {
  const waited = stream(20, 4_000, 20, 20, 20, 20, 20, 20, 20);
  expect(check("slow.stall", waited)).toHaveLength(1);
  expect(check("slow.stall", { ...waited, instants: { ...waited.instants, firstToken: 4_120 } })).toEqual([]);
});
