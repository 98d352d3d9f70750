import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endScanner } from "../src/recording/end-scanner.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const delta = `data: {"choices":[{"delta":{"content":"a\\ndata: [DONE]\\n\\n"}}]}\n\n`;

const streams: [name: string, start: string, last: string][] = [
  ["openai chat", delta, "data: [DONE]\n\n"],
  ["openai chat with CRLF", delta.replaceAll("\n", "\r\n"), "data: [DONE]\r\n\r\n"],
  [
    "openai responses",
    'event: response.output_text.delta\ndata: {"type":"response.output_text.delta"}\n\n',
    'event: response.completed\ndata: {"type":"response.completed"}\n\n',
  ],
  ["openai responses, incomplete", "event: response.created\ndata: {}\n\n", 'event: response.incomplete\ndata: {"type":"response.incomplete"}\n\n'],
  ["anthropic", 'event: message_start\ndata: {"type":"message_start"}\n\n', 'event: message_stop\ndata: {"type":"message_stop"}\n\n'],
  ["data without event names", delta, 'data: {"type":"message_stop"}\n\n'],
];

describe.each(streams)("%s", (_, start, last) => {
  test("the end is seen with the last byte of the terminal event and not before, however the stream is cut", () => {
    const whole = bytes(start + last);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 12 }), (cuts) => {
        const scan = endScanner();
        const edges = [0, ...cuts.sort((a, b) => a - b), whole.length];
        const marks = edges.slice(1).map((end, i) => scan(whole.subarray(edges[i], end)));
        expect(marks.map((mark) => mark === "end")).toEqual(marks.map((_mark, i) => i === marks.length - 1));
      }),
    );
  });
});

test("an error event is told apart from the end", () => {
  expect(endScanner()(bytes('event: error\ndata: {"type":"error","error":{"type":"overloaded_error"}}\n\n'))).toBe("error");
  expect(endScanner()(bytes('data: {"error": {"message":"x"}}\n\n'))).toBe("error");
  expect(endScanner()(bytes('{"error":{"message":"a whole body, not a stream"}}'))).toBeUndefined();
});

test("a line of any length costs no memory and hides nothing after it", () => {
  const scan = endScanner();
  for (let i = 0; i < 100; i++) expect(scan(bytes("x".repeat(10_000)))).toBeUndefined();
  expect(scan(bytes("\n\ndata: [DONE]\n\n"))).toBe("end");
});
