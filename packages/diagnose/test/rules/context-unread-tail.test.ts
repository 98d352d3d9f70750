import { expect, test } from "vitest";
import { findingsOf } from "../../src/index.ts";
import { check, message, pointedAt, user } from "../calls.ts";
import { chatPrompt, localCall, localRequest } from "../local-calls.ts";

const report = Array.from({ length: 60 }, (_, i) => `Paragraph ${i} of the report says little.`).join(" ");
const asked = (contextSize = 128) =>
  localRequest({
    messages: [message("system", "Be brief.", "messages[0]"), user(`${report} Question: who wrote it?`, 1)],
    parameters: { temperature: 0, maxOutputTokens: 32 },
    local: { contextSize, overflow: "truncate-end" },
  });

test("the end that was left out is named, pointed at, and a context that holds it is the change", () => {
  const request = asked();
  const all = chatPrompt(request);
  const cut = localCall({ asked: request, prompt: all.slice(0, 96), run: { dropped: { tokens: all.length - 96, of: all.length, at: "end" } } });
  const [finding] = check("context.unread-tail", cut);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toContain("who wrote it?");
  const [lost] = finding ? pointedAt(cut, finding) : [];
  expect(lost).toMatch(/^ says little\. Paragraph 1\d of .*Question: who wrote it\?$|^.*Question: who wrote it\?$/);
  expect(new TextDecoder().decode(all[95]?.bytes)).toBe(
    report.slice(0, report.length - ((lost?.length ?? 0) - " Question: who wrote it?".length)).match(/ ?\S+$/)?.[0],
  );
  expect(finding?.change?.setLocal).toEqual({ contextSize: Math.ceil((all.length + 32) / 256) * 256 });
  expect(finding?.change?.symptom(cut)).toBe(true);
  expect(finding?.change?.symptom(localCall({ asked: asked(1_024) }))).toBe(false);
  expect(findingsOf(cut, {})[0]?.rule).toBe("context.unread-tail");
});

test("a message of which nothing was read is pointed at as a whole", () => {
  const request = localRequest({ messages: [user(report, 0), user("And who wrote it?", 1)], local: { contextSize: 64, overflow: "truncate-end" } });
  const all = chatPrompt(request);
  const cut = localCall({ asked: request, prompt: all.slice(0, 48), run: { dropped: { tokens: all.length - 48, of: all.length, at: "end" } } });
  const [finding] = check("context.unread-tail", cut);
  expect(finding && pointedAt(cut, finding).at(-1)).toBe("And who wrote it?");
});

test("a prompt longer than the model was trained for has no larger context to offer", () => {
  const request = asked();
  const all = chatPrompt(request);
  const run = { trainedContext: 128, dropped: { tokens: all.length - 96, of: all.length, at: "end" as const } };
  expect(check("context.unread-tail", localCall({ asked: request, prompt: all.slice(0, 96), run }))[0]?.change).toBeUndefined();
});

test("silent where the beginning was left out, and where everything was read", () => {
  const request = asked();
  const all = chatPrompt(request);
  const run = { dropped: { tokens: all.length - 96, of: all.length, at: "start" as const } };
  expect(check("context.unread-tail", localCall({ asked: request, prompt: all.slice(-96), run }))).toEqual([]);
  expect(check("context.unread-tail", localCall({ asked: asked(8_192) }))).toEqual([]);
});
