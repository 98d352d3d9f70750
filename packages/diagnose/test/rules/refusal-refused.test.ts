import { expect, test } from "vitest";
import { call, check, finish, pointedAt, request, text, user } from "../calls.ts";

test("a refusal by finish reason is certain and carries the provider's category", () => {
  const details = { category: "cyber", explanation: "Blocked under the usage policy." };
  const refused = call(request(), finish("refusal", "refusal", { details }));
  const [finding] = check("refusal.refused", refused);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.says).toBe("The model refused (category cyber): Blocked under the usage policy.");
});

test("a refusal in the provider's own field is certain", () => {
  const refused = call(request(), { type: "refusal-delta", answer: 0, text: "I can't help with that." }, finish("stop"));
  expect(check("refusal.refused", refused)[0]).toMatchObject({ certainty: "certain", evidence: [{ path: "answers[0].refusal" }] });
});

test("refusal wording is likely, and points at the phrase", () => {
  const refused = call(request(), text("I'm sorry, but I can't assist with that request."), finish("stop"));
  const [finding] = check("refusal.refused", refused);
  expect(finding).toMatchObject({ severity: "problem", certainty: "likely" });
  expect(finding && pointedAt(refused, finding)[0]).toMatch(/^I'm sorry, but I can't/);
  expect(finding?.evidence[0]?.says).toMatch(/^“I'm sorry, but I can't.*” is how refusals are worded$/);
});

test("a word with a harmless sense in the prompt is pointed at", () => {
  const asked = request({ messages: [user("How do I kill a Python process?")] });
  const refused = call(asked, text("I'm sorry, but I cannot help with that."), finish("stop"));
  const [finding] = check("refusal.refused", refused);
  expect(finding && pointedAt(refused, finding)).toContain("kill a Python process");
});

test("silent for help, for an apology that helps, for missing information, and for tool calls", () => {
  const fine = [
    "To kill a Python process, use kill -9.",
    "I'm sorry to hear that! Here is what you can do: first, check the cable.",
    "I cannot stress enough how important backups are. Start with three copies.",
    "I cannot answer the question because you haven't provided the table.",
    "The function refuses connections it cannot handle.",
  ];
  for (const said of fine) expect(check("refusal.refused", call(request(), text(said), finish("stop")))).toEqual([]);
});
