import { expect, test } from "vitest";
import { call, check, failed, finish, request, text } from "../calls.ts";

test("a filter that stopped the answer, with the categories it gave", () => {
  const details = { content_filter_results: { violence: { filtered: true, severity: "medium" }, hate: { filtered: false } } };
  const [finding] = check("refusal.content-filter", call(request(), text("The knight"), finish("content-filter", "content_filter", { details })));
  expect(finding?.says).toBe("The provider's content filter stopped the answer after 10 characters (violence).");
});

test("a filter that withheld all of it, and one that refused the prompt", () => {
  expect(check("refusal.content-filter", call(request(), finish("content-filter")))[0]?.says).toContain("withheld the whole answer");
  const refused = call(request(), failed({ kind: "content-filter", message: "The response was filtered", status: 400 }));
  expect(check("refusal.content-filter", refused)[0]?.says).toContain("refused the prompt before the model saw it");
});

test("silent for a model's own refusal and for filters that let everything pass", () => {
  expect(check("refusal.content-filter", call(request(), finish("refusal")))).toEqual([]);
  const passed = finish("stop", "stop", { details: { content_filter_results: { hate: { filtered: false } } } });
  expect(check("refusal.content-filter", call(request(), text("Hello."), passed))).toEqual([]);
});

test("a provider's message that ends in a full stop gets no second one", () => {
  const refused = call(request(), failed({ kind: "content-filter", message: "It breaks our policy.", status: 400 }));
  expect(check("refusal.content-filter", refused)[0]?.says).toMatch(/: It breaks our policy\.$/);
});
