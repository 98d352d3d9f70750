import type { CallEvent, Finding, Span } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findingsOf, stripOf } from "../src/index.ts";
import { call, cutCall, failed, finish, request, text, textAt, tool, usage, user } from "./calls.ts";
import { holds } from "./holds.ts";

/** Strings that look like what the rules look for, cut and joined at random. */
const piece = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    '{"a": [1, 2',
    "```json\n",
    "```",
    "}",
    "cafÃ© â€™",
    "\ufffd\ufffd",
    "I'm sorry, but I cannot help with that.",
    "Respond only with JSON. ",
    "kill a Python process ",
    "👋",
    " ",
    "\n",
    "maximum context length is 10 tokens, requested 20 tokens (15 in the messages, 5 in the completion)",
    "Limit 10, Requested 20",
    "Unsupported parameter: 'top_p'",
    "prompt is too long: 20 tokens > 10 maximum",
  ),
);
const anyText = fc.tuple(fc.array(piece, { maxLength: 8 }), fc.integer({ min: 1, max: 30 })).map(([pieces, times]) => pieces.join("").repeat(times));
const reason = fc.constantFrom("stop", "stop-sequence", "output-cap", "context-full", "refusal", "content-filter", "paused", "tool-use", "unknown");
const errorKind = fc.constantFrom("rate-limit", "invalid-request", "context-length", "overloaded", "unknown", "server");

const anyCall = fc
  .record({
    prompts: fc.array(anyText, { minLength: 1, maxLength: 3 }),
    answers: fc.array(fc.record({ said: anyText, thought: anyText, json: anyText, finish: reason }), { maxLength: 2 }),
    cap: fc.option(fc.nat(200), { nil: undefined }),
    counts: fc.option(fc.record({ inputTokens: fc.nat(9_000), outputTokens: fc.nat(500), reasoningTokens: fc.nat(500) }), { nil: undefined }),
    error: fc.option(fc.record({ kind: errorKind, message: anyText, inStream: fc.boolean() }), { nil: undefined }),
    json: fc.boolean(),
    cut: fc.boolean(),
  })
  .map(({ prompts, answers, cap, counts, error, json, cut }) => {
    const asked = request({
      messages: prompts.map((said, i) => ({ ...user(said, i), role: i % 2 ? "assistant" : "user" })),
      parameters: {
        ...(cap !== undefined && { maxOutputTokens: cap }),
        ...(json && { responseFormat: { type: "json" as const } }),
        stop: ["\n"],
      },
    });
    const events: CallEvent[] = answers.flatMap(({ said, thought, json: written, finish: ended }, answer) => [
      { ...text(said), answer },
      { type: "reasoning-delta" as const, answer, text: thought },
      ...tool("f", written).map((event) => ({ ...event, answer })),
      { ...finish(ended as "stop"), answer } as CallEvent,
    ]);
    if (counts) events.push(usage(counts));
    if (error) events.push(failed({ ...error, kind: error.kind as "unknown" }));
    return cut ? cutCall(asked, "server", ...events) : call(asked, ...events);
  });

const facts = { contextWindow: 8_192, maxOutputTokens: 400 };

test("every span of evidence lies within its string, and every change holds what a change must", () => {
  fc.assert(
    fc.property(anyCall, (of) => {
      for (const finding of findingsOf(of, facts)) {
        expect(outside(of, finding)).toEqual([]);
        holds(of, finding);
      }
    }),
    { numRuns: 400 },
  );
});

function outside(of: ReturnType<typeof call>, { rule, evidence }: Finding) {
  return evidence.flatMap((one) => {
    if (one.kind !== "text" && one.kind !== "prompt") return [];
    const string = one.path === undefined ? undefined : textAt(of, one.path);
    const inside =
      string !== undefined && typeof one.at !== "string" && one.at.start >= 0 && one.at.start < one.at.end && one.at.end <= string.length;
    const split = inside && string.isWellFormed() && !string.slice((one.at as Span).start, (one.at as Span).end).isWellFormed();
    return inside && !split ? [] : [{ rule, ...one }];
  });
}

test("a cut stream is always told, whatever else is found", () => {
  fc.assert(
    fc.property(anyCall, (of) => {
      fc.pre(of.ending === "cut" && (!of.error || of.error.inStream === true || of.answers.length > 0));
      expect(findingsOf(of, facts).map(({ rule }) => rule)).toContain("cut.no-terminal");
    }),
  );
});

test("the spans of a strip from the provider's bytes cover the text in order", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.array(fc.nat(7), { minLength: 1 }), (said, sizes) => {
      fc.pre(said.isWellFormed());
      const bytes = new TextEncoder().encode(said);
      const steps = [];
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = Math.max(1, sizes[i % sizes.length] as number);
        steps.push({ bytes: bytes.slice(at, at + size) });
        at += size;
      }
      const strip = stripOf({ text: said, toolCalls: [], other: [], finish: { reason: "stop" }, steps }, 0);
      expect(strip.source).toBe("logprobs");
      let covered = 0;
      for (const { span } of strip.tokens) {
        expect(span.start).toBeLessThanOrEqual(covered);
        expect(said.slice(span.start, span.end).isWellFormed()).toBe(true);
        covered = Math.max(covered, span.end);
      }
      expect(covered).toBe(said.length);
    }),
  );
});

test("bytes that are no characters are in a strip as well: each token covers the U+FFFD that stands for its bytes", () => {
  const byte = fc.oneof(fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x91, 0x8b, 0xed, 0xa0, 0xc0, 0xff, 0xf4, 0x90), fc.nat(255));
  fc.assert(
    fc.property(fc.array(fc.array(byte, { maxLength: 4 }), { minLength: 1, maxLength: 12 }), (tokens) => {
      const steps = tokens.map((token) => ({ bytes: Uint8Array.from(token) }));
      const said = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(tokens.flat()));
      const strip = stripOf({ text: said, toolCalls: [], other: [], finish: { reason: "stop" }, steps }, 0);
      expect(strip.source).toBe("logprobs");
      let covered = 0;
      for (const [i, { span }] of strip.tokens.entries()) {
        const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(tokens.slice(0, i).flat()), { stream: true });
        expect(span.start).toBeLessThanOrEqual(Math.max(covered, before.length));
        covered = Math.max(covered, span.end);
      }
      expect(covered).toBe(said.length);
    }),
    { numRuns: 500 },
  );
});

test("a megabyte of one thing is looked at without getting stuck", () => {
  for (const unit of ["a", "{", "[", " ", "\n", "```json\n", "Ã©", '{"a":', "I'm sorry, ", "\ufffd", "a b ", "0,"]) {
    const large = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const of = call(request({ messages: [user(large)] }), text(large), ...tool("f", large), finish("output-cap"));
    expect(findingsOf(of, facts).map(({ rule }) => rule)).toContain("cut.output-cap");
  }
});
