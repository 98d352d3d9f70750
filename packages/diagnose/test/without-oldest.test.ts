import type { Message } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lengthOf, withoutOldest } from "../src/without-oldest.ts";

const message = fc.record({
  role: fc.constantFrom("system", "user", "assistant", "tool" as const),
  parts: fc.array(fc.record({ type: fc.constant("text" as const), text: fc.string({ maxLength: 30 }), at: fc.constant("x") }), { maxLength: 2 }),
  at: fc.constant("messages[0]"),
}) as fc.Arbitrary<Message>;

/** Tries every cut from the front and measures what is left. */
function slowTwin(messages: Message[], room: number): Message[] | undefined {
  const turns = messages.flatMap(({ role }, i) => (role === "user" ? [i] : []));
  if (turns.length < 2) return undefined;
  const leftFrom = (start: number) => messages.filter(({ role }, i) => i >= start || role === "system");
  return (
    turns
      .slice(1)
      .map(leftFrom)
      .find((left) => lengthOf(left) <= room) ?? leftFrom(turns.at(-1) as number)
  );
}

test("drops as few of the oldest turns as do, as a slow twin does", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), fc.nat(300), (messages, room) => {
      expect(withoutOldest(messages, room)).toEqual(slowTwin(messages, room));
    }),
  );
});

test("a conversation of 60,000 turns is cut in one pass over it", () => {
  let reads = 0;
  const messages = Array.from(
    { length: 60_000 },
    (_, i): Message => ({
      role: i % 2 === 0 ? "user" : "assistant",
      at: `messages[${i}]`,
      get parts() {
        reads++;
        return [{ type: "text" as const, text: "0123456789", at: "" }];
      },
    }),
  );
  expect(withoutOldest(messages, 1000)).toHaveLength(100);
  expect(reads).toBeLessThan(6 * messages.length);
});
