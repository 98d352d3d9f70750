import type { CallEvent, TokenId } from "@cutaway/core";
import { expect, test } from "vitest";
import { tokenPacker, tokenUnpacker } from "../../src/thread/token-dictionary.ts";

const table = Array.from({ length: 10 }, (_, id) => Uint8Array.of(id, id));
const bytesOf = (id: number) => table[id] as Uint8Array;
const token = (id: number) => ({ id: id as TokenId, bytes: bytesOf(id) });
const step = (id: number, top: number[], bytes = bytesOf(id)): CallEvent => ({
  type: "token-step",
  answer: 0,
  step: { id: id as TokenId, bytes, logprob: -1, top: top.map((other) => ({ ...token(other), logprob: -2 })) },
});

const events: CallEvent[] = [
  {
    type: "prompt-tokens",
    tokens: [
      { ...token(1), segment: "user" },
      { bytes: Uint8Array.of(9), segment: "user" },
    ],
  },
  { type: "text-delta", answer: 0, text: "x" },
  step(2, [2, 3, 4]),
  // Cut by a stop sequence; and the end, which gives no bytes though its token has some.
  step(3, [2], bytesOf(3).slice(0, 1)),
  step(4, [4, 5], new Uint8Array(0)),
  { type: "token-step", answer: 0, step: { bytes: Uint8Array.of(7), forced: "prefill" } },
];

test("what comes out at the other end is what went in, cloned in between", () => {
  const [pack, unpack] = [tokenPacker(bytesOf), tokenUnpacker()];
  const sent = [structuredClone(pack(events.slice(0, 3))), structuredClone(pack(events.slice(3))), structuredClone(pack(events))];
  expect(sent.flatMap(unpack)).toEqual([...events, ...events]);
  expect(sent.map(({ tokens }) => tokens?.map(([id]) => id))).toEqual([[1, 2, 3, 4], [5], undefined]);
});

test("a token has one array, however often it came", () => {
  const unpack = tokenUnpacker();
  const steps = unpack(structuredClone(tokenPacker(bytesOf)([step(2, [2]), step(2, [2])])));
  const arrays = steps.flatMap((event) =>
    event.type === "token-step" ? [event.step.bytes, ...(event.step.top ?? []).map(({ bytes }) => bytes)] : [],
  );
  expect(new Set(arrays).size).toBe(1);
});
