import type { Explanation } from "@cutaway/core";
import { diffCalls } from "@cutaway/metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderDiff } from "../src/render/diff.ts";
import { renderExplanation } from "../src/render/explanation.ts";
import { renderCall } from "../src/render/show.ts";
import { createSummary } from "../src/render/summary.ts";
import type { Line } from "../src/terminal/line.ts";
import { paint } from "../src/terminal/paint.ts";
import { lineWidth } from "../src/terminal/width.ts";
import { anyText, controlsOf } from "./any-text.ts";
import { cutCall, cutExplanation, errorExplanation, healthyExplanation, id, manySegments } from "./constructed.ts";

const text = (lines: readonly Line[]): string => `${lines.map((line) => paint(line, false)).join("\n")}\n`;
const golden = (name: string) => `golden/${name}.txt`;

describe("an explanation in a terminal", () => {
  for (const width of [80, 120]) {
    it(`reads as the golden at ${width} columns`, async () => {
      await expect(text(renderExplanation(cutExplanation(), width, id))).toMatchFileSnapshot(golden(`cut-${width}`));
      await expect(text(renderExplanation(healthyExplanation(), width, id))).toMatchFileSnapshot(golden(`healthy-${width}`));
      await expect(text(renderExplanation(errorExplanation(), width, id))).toMatchFileSnapshot(golden(`error-${width}`));
      await expect(text(renderExplanation(manySegments(), width, id))).toMatchFileSnapshot(golden(`many-segments-${width}`));
    });
  }

  it("shows wide and hostile text in its place", async () => {
    const hostile = "答案は三つあります。\x1b[31m赤\x1b[0m 👩‍👩‍👧 \u202egnp.exe\r\n一つ目は古いキャッシュ、二つ目は再試行の嵐、そして";
    await expect(text(renderExplanation(cutExplanation(hostile), 80, id))).toMatchFileSnapshot(golden("hostile-80"));
  });

  it("keeps to the width, commands to copy excepted", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 60, max: 120 }), (answer, width) => {
        for (const line of renderExplanation(cutExplanation(answer), width, id)) {
          const copied = line.some((part) => part.style === "command");
          if (!copied) expect(lineWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("lets no control character of the model, the prompt or the provider through", () => {
    fc.assert(
      fc.property(anyText, anyText, (answer, other) => {
        const painted = [hostileEverywhere(answer, other)].flatMap((explanation) => [
          ...renderExplanation(explanation, 80, id),
          ...renderCall(explanation, { width: 80, full: true }),
          ...renderDiff(diffCalls(explanation.call, cutCall()), explanation.call, cutCall(), ["a", "b"], 80),
        ]);
        for (const line of painted) expect(controlsOf(paint(line, false))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("summarises many as a table, and shows the gravest in full", async () => {
    const summary = createSummary();
    summary.add(cutExplanation(), "calls.jsonl:1", id);
    summary.add(healthyExplanation(), "calls.jsonl:2", id);
    summary.add(errorExplanation(), "calls.jsonl:3", id);
    await expect(text(summary.render(120))).toMatchFileSnapshot(golden("summary-120"));
    await expect(text(summary.render(80))).toMatchFileSnapshot(golden("summary-80"));
  });
});

describe("show", () => {
  it("reads as the golden", async () => {
    await expect(text(renderCall(cutExplanation(), { width: 80, full: false }))).toMatchFileSnapshot(golden("show-80"));
  });

  it("elides long messages unless all is asked for", () => {
    const long = "word ".repeat(2000);
    const explanation = cutExplanation(long);
    const has = (full: boolean) => text(renderCall(explanation, { width: 80, full })).split("word").length - 1;
    expect(has(false)).toBe(800);
    expect(has(true)).toBe(2000);
  });
});

describe("diff", () => {
  it("reads as the golden", async () => {
    const after = cutCall("Three things failed at once: a stale cache, a retry flood, and a full disk.");
    const before = cutCall();
    await expect(text(renderDiff(diffCalls(before, after), before, after, ["before.json", "after.json"], 80))).toMatchFileSnapshot(golden("diff-80"));
    await expect(text(renderDiff(diffCalls(before, before), before, before, ["a", "b"], 80))).toMatchFileSnapshot(golden("diff-same-80"));
  });
});

/** The same hostile text wherever somebody else's text can stand. */
function hostileEverywhere(answer: string, other: string): Explanation {
  const base = cutExplanation(answer);
  const { call } = base;
  return {
    ...base,
    call: {
      ...call,
      model: { provider: other, asked: other, served: answer },
      origin: { kind: "file", from: other },
      response: { id: other, requestId: other, fingerprint: other },
      notices: [{ code: "odd", says: other }],
      error: { kind: "unknown", message: other, code: other },
      request: {
        format: "openai-chat",
        model: other,
        messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text: other, at: "messages[0].content" }] }],
        tools: [{ name: other, json: null, at: "tools[0]" }],
        parameters: { stop: [other], user: other },
        notUnderstood: [other],
      },
      answers: call.answers.map((one) => ({
        ...one,
        reasoning: other,
        refusal: other,
        toolCalls: [{ id: other, name: other, arguments: other }],
        finish: { reason: "unknown", raw: other },
      })),
    },
    costUnknown: other,
    prompt: {
      segments: [{ kind: "user", at: "messages[0]", label: other, text: other, tokens: 3 }],
      tokenizer: { name: other, exact: false },
      counted: 3,
    },
    findings: base.findings.map((finding) => ({ ...finding, says: other })),
  };
}
