import { type CallEvent, decodeUtf8, encodeUtf8, foldCall, newCallId } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startAnswer } from "../src/answer-writer.ts";

function write(tokens: readonly Uint8Array[], stops: readonly string[] = []) {
  const answer = startAnswer(stops);
  const events: CallEvent[] = [];
  for (const [index, bytes] of tokens.entries()) {
    events.push(...answer.add({ bytes, at: index }, index));
    if (answer.stoppedBy !== undefined) break;
  }
  events.push(...answer.end(tokens.length));
  const call = foldCall(events, { id: newCallId(), origin: { kind: "local" } });
  const steps = call.answers[0]?.steps ?? [];
  return { events, text: call.answers[0]?.text ?? "", steps, stoppedBy: answer.stoppedBy };
}

const texts = (...parts: string[]) => parts.map(encodeUtf8);
const joined = (steps: readonly { bytes: Uint8Array }[]) => Uint8Array.from(steps.flatMap(({ bytes }) => [...bytes]));

describe("text and steps", () => {
  test("any bytes, cut into any tokens: the text is that of the steps' bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 })), (tokens) => {
        const { text, steps } = write(tokens);
        expect(steps).toHaveLength(tokens.length);
        expect(text).toBe(decodeUtf8(joined(steps)));
      }),
    );
  });

  test("with stops, too: nothing from the stop on is text, and the steps are cut where the text is", () => {
    const stops = ["ab", "é", "ba!"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...texts("a", "b", "!", "aa", "xab"), Uint8Array.of(0xc3), Uint8Array.of(0xa9))), (tokens) => {
        const { text, steps, stoppedBy } = write(tokens, stops);
        expect(text).toBe(decodeUtf8(joined(steps)));
        for (const stop of stops) expect(text).not.toContain(stop);
        const all = decodeUtf8(joined(tokens.map((bytes) => ({ bytes }))));
        if (stoppedBy === undefined) expect(text).toBe(all);
        else expect(all.startsWith(text + stoppedBy)).toBe(true);
      }),
    );
  });

  test("a character goes out with the token that completes it", () => {
    const [first, second] = [Uint8Array.of(0xf0, 0x9f), Uint8Array.of(0x99, 0x82)];
    const deltas = write([first, second]).events.filter((event) => event.type === "text-delta");
    expect(deltas).toEqual([{ type: "text-delta", answer: 0, text: "🙂", at: 1 }]);
  });

  test("an answer cut inside a character ends with the replacement character", () => {
    expect(write([Uint8Array.of(0x61, 0xf0, 0x9f)]).text).toBe("a\ufffd");
  });
});

describe("stop sequences", () => {
  test("one that spans three tokens and begins inside the first", () => {
    const { text, steps, stoppedBy } = write(texts("one", " tw", "o", " three", " four"), ["wo t"]);
    expect({ text, stoppedBy }).toEqual({ text: "one t", stoppedBy: "wo t" });
    expect(steps.map(({ bytes }) => decodeUtf8(bytes))).toEqual(["one", " t", "", ""]);
  });

  test("what only looked like one is text, and late", () => {
    const { events, text } = write(texts("a#", "#", "b"), ["###"]);
    expect(text).toBe("a##b");
    expect(events.filter((event) => event.type === "text-delta")).toEqual([{ type: "text-delta", answer: 0, text: "a##b", at: 2 }]);
  });

  test("what is held when the answer ends is text", () => {
    expect(write(texts("a", "##"), ["###"]).text).toBe("a##");
  });
});
