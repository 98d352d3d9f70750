import type { Call, CallId, Segment } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bodyRows, findAll, lineNumbers, rowAt } from "../src/call/body-rows.ts";
import { flatten } from "../src/call/flatten.ts";
import { byPart, changedSettings, draftOf, localFields, replayFields } from "../src/call/replay-fields.ts";
import { segmentFor, sharesOf } from "../src/call/segments.ts";
import { windowAt } from "../src/diff/window.ts";

const text = fc.string({ unit: "grapheme", maxLength: 300 }).map((part) => part.replaceAll("x", "\n"));

test("rows of a body join to the body, none is too wide, none cuts a character", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 40 }), (body, columns) => {
      const rows = bodyRows(body, columns);
      const parts = Array.from(rows.slice(0, -1), (start, i) => body.slice(start, rows[i + 1]));
      expect(parts.join("")).toBe(body);
      for (const part of parts) {
        expect(part.replace(/\n$/, "").length).toBeLessThanOrEqual(columns);
        expect(part).not.toMatch(/\n./s);
        expect(part.isWellFormed()).toBe(body.isWellFormed());
      }
    }),
  );
});

test("a row is found by any offset in it", () => {
  const rows = bodyRows("ab\n\ncdefghijklm", 8);
  expect([...rows]).toEqual([0, 3, 4, 12, 15]);
  expect([...lineNumbers("ab\n\ncdefghijklm", rows)]).toEqual([1, 2, 3, 0]);
  expect([0, 2, 3, 4, 11, 12, 14, 15].map((offset) => rowAt(rows, offset))).toEqual([0, 0, 1, 2, 2, 3, 3, 3]);
});

test("finding is literal and regardless of case", () => {
  expect(findAll("a.b A.B axb", "a.b")).toEqual([0, 4]);
  expect(findAll("aaa", "")).toEqual([]);
  expect(findAll("aaaa", "a", 2)).toEqual([0, 1]);
});

const call: Call = {
  id: "01HZZZZZZZZZZZZZZZZZZZZZZZ" as CallId,
  model: { asked: "m" },
  origin: { kind: "file" },
  answers: [{ text: "a".repeat(500), toolCalls: [], finish: { reason: "stop" }, other: [], steps: [{ bytes: new Uint8Array() }] }],
  usage: { inputTokens: 1 },
  instants: { chunks: [[1, 2]] },
  ending: "complete",
  notices: [],
  request: {
    format: "openai-chat",
    model: "m",
    messages: [
      { role: "system", at: "messages[0]", parts: [{ type: "text", text: "be brief", at: "messages[0].content" }] },
      { role: "user", at: "messages[1]", parts: [{ type: "text", text: "first", at: "messages[1].content" }] },
      { role: "assistant", at: "messages[2]", parts: [{ type: "tool-call", name: "f", arguments: "{}", at: "messages[2].tool_calls[0]" }] },
      { role: "user", at: "messages[3]", parts: [{ type: "media", media: "image", url: "https://x/y.png", at: "messages[3].content[0]" }] },
    ],
    tools: [{ name: "f", json: { type: "function" }, at: "tools[0]" }],
    parameters: { temperature: 0, stop: ["a"] },
    notUnderstood: [],
    body: { __proto__: null, deep: { a: 1 } },
  },
};

test("every field has the path that evidence uses; what is shown elsewhere is folded", () => {
  const fields = new Map(flatten(call).map((field) => [field.path, field.value]));
  expect(fields.get("answers[0].finish.reason")).toBe("stop");
  expect(fields.get("answers[0].steps")).toBe("1");
  expect(fields.get("instants.chunks")).toBe("1 entries");
  expect(fields.get("request.body")).toBe("1 fields");
  expect(fields.get("request.messages[1].parts[0].text")).toBe("first");
  expect(fields.get("answers[0].text")).toContain("(500 characters)");
  expect(flatten(call, 7)).toHaveLength(7);
});

test("shares are of tokens where every part is counted, else of characters", () => {
  const part = (text: string, tokens?: number): Segment => ({ kind: "user", at: text, label: "", text, ...(tokens !== undefined && { tokens }) });
  expect(sharesOf([part("aaaa", 1), part("b", 3)])).toEqual({ shares: [0.25, 0.75], by: "tokens" });
  expect(sharesOf([part("aaa", 1), part("b")])).toEqual({ shares: [0.75, 0.25], by: "characters" });
  expect(sharesOf([part("")])).toEqual({ shares: [0], by: "characters" });
});

test("evidence finds its segment, or the one around it", () => {
  const segments = ["messages[1]", "messages[1].content[0]", "messages[10]"].map((at): Segment => ({ kind: "user", at, label: "", text: "" }));
  expect(segmentFor(segments, "messages[1].content[0].text")).toBe(1);
  expect(segmentFor(segments, "messages[10]")).toBe(2);
  expect(segmentFor(segments, "messages[1].name")).toBe(0);
  expect(segmentFor(segments, "system")).toBeUndefined();
});

test("a replay sets what was changed, and only that", () => {
  const before = { temperature: 0.7, stop: ["a"], logprobs: true };
  const draft = draftOf(before, replayFields);
  expect(changedSettings(before, draft, replayFields)).toEqual({ changes: {}, wrong: [] });
  expect(changedSettings(before, { ...draft, temperature: "0", stop: '["b","c"]', maxOutputTokens: "300", logprobs: "false" }, replayFields)).toEqual(
    {
      changes: { temperature: 0, stop: ["b", "c"], maxOutputTokens: 300, logprobs: false },
      wrong: [],
    },
  );
  expect(changedSettings(before, { ...draft, temperature: "warm", maxOutputTokens: "1.5", stop: "[1]" }, replayFields).wrong).toEqual([
    "temperature",
    "maxOutputTokens",
    "stop",
  ]);
  expect(changedSettings(before, { ...draft, temperature: "" }, replayFields)).toEqual({ changes: { temperature: null }, wrong: [] });
});

test("what only a local model can be told goes beside the parameters", () => {
  const before = { temperature: 0.7, contextSize: 512, raw: true as const };
  const draft = { ...draftOf(before, localFields), temperature: "0", contextSize: "2048", raw: "", prefill: " {", overflow: "refuse" };
  const { changes, wrong } = changedSettings(before, draft, localFields);
  expect(wrong).toEqual([]);
  expect(byPart(changes)).toEqual({ set: { temperature: 0 }, local: { contextSize: 2048, raw: null, prefill: " {", overflow: "refuse" } });
});

test("a window around the place where texts part keeps all, up to its size", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.nat(250), (part, at) => {
      const { skipped, same, own, left } = windowAt(part, at);
      expect(skipped + same.length + own.length + left).toBe(part.length);
    }),
  );
  expect(windowAt("x".repeat(10_000), 5_000)).toMatchObject({ skipped: 4_600, left: 1_000 });
});
