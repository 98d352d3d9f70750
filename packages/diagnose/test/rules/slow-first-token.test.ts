import { expect, test } from "vitest";
import { call, check, finish, request, text, usage } from "../calls.ts";

/** A stream with instants and chunks as given, in milliseconds. */
const timed = (instants: object, tokens = {}) => ({
  ...call(request(), text("Hi."), finish("stop"), usage({ inputTokens: 100, ...tokens })),
  instants: { chunks: [1, 2, 3, 4].map((i): [number, number] => [14_000 + i, 10]), lastToken: 15_000, closed: 15_000, ...instants },
});

test("most of the time passed before the first token", () => {
  expect(check("slow.first-token", timed({ firstToken: 14_000 }))[0]?.says).toBe(
    "The first token came after 14.0 s, 93 % of the whole time; queueing or reading the prompt took it.",
  );
});

test("what is known to have taken the time is named: reasoning, connecting, a long prompt", () => {
  expect(check("slow.first-token", timed({ firstToken: 500, firstText: 14_000 }))[0]?.says).toContain("13.5 s of it spent on reasoning");
  expect(check("slow.first-token", timed({ firstToken: 14_000, connected: 12_000 }))[0]?.says).toContain("12.0 s of it on connecting");
  expect(check("slow.first-token", timed({ firstToken: 14_000 }, { inputTokens: 90_000 }))[0]?.says).toContain("90,000 uncached prompt tokens");
});

test("silent for a fast start, for a long answer after it, for a whole body, and without a clock", () => {
  expect(check("slow.first-token", timed({ firstToken: 900 }))).toEqual([]);
  expect(check("slow.first-token", timed({ firstToken: 14_000, closed: 90_000 }))).toEqual([]);
  expect(check("slow.first-token", timed({ firstToken: 14_000, chunks: [[14_000, 900]] }))).toEqual([]);
  expect(check("slow.first-token", call(request(), text("Hi."), finish("stop")))).toEqual([]);
});
