import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { lineSplitter } from "../src/wire/line-splitter.ts";
import { type SseEvent, sseParser } from "../src/wire/sse-parser.ts";
import { bytesOf } from "./support.ts";

const piece = fc.constantFrom(
  "data:",
  "data: ",
  "event: ",
  "event:",
  "id: 1",
  ": c",
  "retry: 3",
  "\n",
  "\r\n",
  "\r",
  "\n\n",
  "ü",
  "🌍",
  "x",
  " ",
  "{}",
  "data",
  "other: y",
);

/** The package's own parser splits bytes, not text, and keeps what an unended event says; on ended ones it must agree with the common one. */
test("events equal those of eventsource-parser, in any fragmentation", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = `${pieces.join("")}\n\n`;
      const theirs: SseEvent[] = [];
      createParser({ onEvent: (event) => theirs.push(event.event ? { name: event.event, data: event.data } : { data: event.data }) }).feed(text);
      const ours: SseEvent[] = [];
      const parser = sseParser(
        (event) => ours.push(event.name ? event : { data: event.data }),
        () => {},
      );
      const bytes = bytesOf(text);
      for (let at = 0; at < bytes.length; at += size) parser.chunk(bytes.slice(at, at + size));
      expect(ours).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

test("a line beyond the limit is dropped and reported, the next one is read", () => {
  const lines: string[] = [];
  const tooLong: number[] = [];
  const splitter = lineSplitter(
    (line) => lines.push(line),
    (bytes) => tooLong.push(bytes),
    10,
  );
  for (const text of ["short\n", "12345", "67890", "1", "23\nnext\n", `${"y".repeat(11)}\nlast`]) splitter.chunk(bytesOf(text));
  expect(lines).toEqual(["short", "next"]);
  expect(tooLong).toEqual([13, 11]);
  expect(splitter.rest()).toBe("last");
});

test("a fragment's memory may be reused by the caller", () => {
  const lines: string[] = [];
  const splitter = lineSplitter(
    (line) => lines.push(line),
    () => {},
  );
  const buffer = bytesOf("ab");
  splitter.chunk(buffer);
  buffer.fill(120);
  splitter.chunk(bytesOf("c\n"));
  expect(lines).toEqual(["abc"]);
});
