import { expect, test } from "vitest";
import { call, check, finish, message, request, text, usage, user, withId } from "../calls.ts";

const rules = Array.from({ length: 400 }, (_, i) => `Rule ${i}: water flows downhill.`).join("\n");
const asked = (system: string, question: string, format: "openai-chat" | "anthropic-messages" = "openai-chat") =>
  request({ format, messages: [message("system", system, "messages[0]"), user(question, 1)] });
const answered = (of: ReturnType<typeof asked>, cached: number, at: number) => ({
  ...call(of, text("Yes."), finish("stop"), usage({ inputTokens: 3_000, outputTokens: 2, cacheReadTokens: cached })),
  instants: { issued: at },
});

test("the same prefix paid for again within the cache's lifetime", () => {
  const earlier = withId(answered(asked(rules, "First?"), 0, 1_000_000), "1");
  const [finding] = check("cost.cache-miss", answered(asked(rules, "Second?"), 0, 1_060_000), { related: [earlier] });
  expect(finding).toMatchObject({ severity: "warning", certainty: "likely", change: { set: { promptCacheKey: "shared-prefix" } } });
  expect(finding?.says).toMatch(/^About 2,9\d\d tokens at the beginning of the prompt equal an earlier call's/);
});

test("Anthropic caches only what is marked: the mark is the change", () => {
  const of = asked(rules, "Second?", "anthropic-messages");
  const earlier = withId(answered(asked(rules, "First?", "anthropic-messages"), 0, 1_000_000), "1");
  const [finding] = check("cost.cache-miss", answered(of, 0, 1_060_000), { related: [earlier] });
  expect(finding).toMatchObject({ certainty: "certain" });
  expect(finding?.change?.apply(of).messages[0]?.parts[0]?.cacheBreakpoint).toEqual({});
});

test("a time at the beginning breaks the prefix", () => {
  const earlier = withId(answered(asked(`Now: 2026-11-22T10:00:01Z\n${rules}`, "First?"), 0, 1_000_000), "1");
  const [finding] = check("cost.cache-miss", answered(asked(`Now: 2026-11-22T10:07:44Z\n${rules}`, "Second?"), 0, 1_060_000), { related: [earlier] });
  expect(finding?.says).toContain("A time near the beginning of the prompt (“2026-11-22T10:07:44Z”) changes with every call");
  expect(finding?.evidence[0]).toMatchObject({ kind: "prompt", path: "messages[0].content" });
});

test("silent when it was read from the cache, when the earlier call is old, of another model, or only alike by chance", () => {
  const earlier = withId(answered(asked(rules, "First?"), 0, 1_000_000), "1");
  const again = (cached: number, at: number) => answered(asked(rules, "Second?"), cached, at);
  expect(check("cost.cache-miss", again(2_816, 1_060_000), { related: [earlier] })).toEqual([]);
  expect(check("cost.cache-miss", again(0, 2_000_000), { related: [earlier] })).toEqual([]);
  const other = withId(answered({ ...asked(rules, "First?"), model: "gpt-4o" }, 0, 1_000_000), "2");
  expect(check("cost.cache-miss", again(0, 1_060_000), { related: [other] })).toEqual([]);
  const unlike = withId(answered(asked(`Other. ${rules}`, "First?"), 0, 1_000_000), "3");
  expect(check("cost.cache-miss", again(0, 1_060_000), { related: [unlike] })).toEqual([]);
  expect(check("cost.cache-miss", again(0, 1_060_000))).toEqual([]);
});

test("silent where the provider says nothing of a cache", () => {
  const earlier = withId(answered(asked(rules, "First?"), 0, 1_000_000), "1");
  const unknown = call(asked(rules, "Second?"), text("Yes."), finish("stop"), usage({ inputTokens: 3_000, outputTokens: 2 }));
  expect(check("cost.cache-miss", unknown, { related: [earlier] })).toEqual([]);
});
