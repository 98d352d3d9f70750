import { expect, test } from "vitest";
import { check } from "../calls.ts";
import { chatPrompt, localCall, localRequest, marker } from "../local-calls.ts";

const asked = (bos?: "always" | "never") => localRequest({ local: { ...(bos && { bos }) } });

test("tokens.doubled-bos: two BOS tokens at the beginning, and none put before it as the change", () => {
  const request = asked("always");
  const twice = localCall({ asked: request, prompt: [marker("<|im_start|>"), ...chatPrompt(request)] });
  const [finding] = check("tokens.doubled-bos", twice);
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.change?.apply(request).local).toEqual({ bos: "never" });
  expect(finding?.change?.symptom(twice)).toBe(true);
  expect(finding?.change?.symptom(localCall({ asked: asked("never") }))).toBe(false);
  expect(check("tokens.missing-bos", twice)).toEqual([]);
});

test("tokens.doubled-bos is silent for one BOS, for a text that only looks like one, and where it was asked for none", () => {
  expect(check("tokens.doubled-bos", localCall())).toEqual([]);
  const { special: _, ...plain } = marker("<|im_start|>");
  expect(check("tokens.doubled-bos", localCall({ prompt: [marker("<|im_start|>"), plain] }))).toEqual([]);
  const own = localCall({ asked: asked("never"), prompt: [marker("<|im_start|>"), marker("<|im_start|>")] });
  expect(check("tokens.doubled-bos", own)[0]?.change).toBeUndefined();
});

test("tokens.missing-bos: a file that asks for BOS, and a prompt without it", () => {
  const specials = { ...localCall().local?.specials, ends: [], addBos: true };
  const request = asked("never");
  const lacking = localCall({ asked: request, prompt: chatPrompt(request).slice(1), run: { specials } });
  const [finding] = check("tokens.missing-bos", lacking);
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.change?.apply(request).local).toEqual({});
  expect(finding?.change?.symptom(lacking)).toBe(true);
  expect(check("tokens.missing-bos", localCall({ prompt: chatPrompt(request).slice(1), run: { specials } }))[0]?.change?.setLocal).toEqual({
    bos: "always",
  });
});

test("tokens.missing-bos is silent where the file asks for none, where BOS is there, and where the beginning was left out", () => {
  const specials = { ...localCall().local?.specials, ends: [], addBos: true };
  const without = chatPrompt(localRequest()).slice(1);
  expect(check("tokens.missing-bos", localCall({ prompt: without }))).toEqual([]);
  expect(check("tokens.missing-bos", localCall({ run: { specials } }))).toEqual([]);
  const run = { specials, dropped: { tokens: 9, of: 20, at: "start" as const } };
  expect(check("tokens.missing-bos", localCall({ prompt: without, run }))).toEqual([]);
});
