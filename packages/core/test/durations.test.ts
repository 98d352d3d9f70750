import { expect, test } from "vitest";
import { type Call, type CallId, durationsOf, foldCall, quantile } from "../src/index.ts";

const callWith = (instants: Call["instants"], outputTokens?: number): Call => ({
  ...foldCall([], { id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" as CallId, origin: { kind: "file" } }),
  instants,
  usage: outputTokens === undefined ? {} : { outputTokens },
});

/** Tokens at 0.5, 0.7, 0.9 and 1.3 s: the worked check on which vLLM's benchmark and AIPerf agree. */
test("TTFT 500 ms and TPOT 266.67 ms, whether tokens come one a chunk or two", () => {
  const single = durationsOf(
    callWith(
      {
        firstToken: 500,
        lastToken: 1300,
        chunks: [
          [500, 1],
          [700, 1],
          [900, 1],
          [1300, 1],
        ],
      },
      4,
    ),
  );
  expect(single.ttft).toBe(500);
  expect(single.tpot).toBeCloseTo(266.667, 2);
  expect(single.chunkGaps).toMatchObject({ count: 3, p50: 200, max: 400 });
  const paired = durationsOf(
    callWith(
      {
        firstToken: 500,
        lastToken: 1300,
        chunks: [
          [500, 1],
          [900, 2],
          [1300, 1],
        ],
      },
      4,
    ),
  );
  expect(paired.tpot).toBeCloseTo(266.667, 2);
  expect(paired.chunkGaps).toMatchObject({ count: 2, p50: 400, max: 400 });
});

test("what cannot be known is absent", () => {
  expect(durationsOf(callWith({}))).toEqual({});
  expect(durationsOf(callWith({ firstToken: 500, lastToken: 500 }, 1))).toEqual({ ttft: 500 });
  expect(durationsOf(callWith({ firstToken: 500, lastToken: 1300 })).tpot).toBeUndefined();
});

test("quantiles interpolate as numpy does", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85);
  expect(quantile([7], 0.99)).toBe(7);
});
