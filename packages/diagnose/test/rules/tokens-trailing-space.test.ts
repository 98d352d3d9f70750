import { expect, test } from "vitest";
import { call, check, failed, finish, message, pointedAt, request, text, user } from "../calls.ts";

const prefilled = request({ format: "anthropic-messages", messages: [user("Name a river."), message("assistant", "The river is ", "messages[1]")] });

test("a started answer that ends in a space: nothing of it can be counted, so the advice stands in the words", () => {
  const answered = call(prefilled, text("the Nile."), finish("stop"));
  const [finding] = check("tokens.trailing-space", answered);
  expect(finding).toMatchObject({ severity: "warning", certainty: "likely" });
  expect(finding && pointedAt(answered, finding)).toEqual([" "]);
  expect(finding?.says).toContain("Take the white space away.");
  expect(finding?.change).toBeUndefined();
});

test("refused for it", () => {
  const message = "messages: final assistant content cannot end with trailing whitespace";
  const failure = call(prefilled, failed({ kind: "invalid-request", message, status: 400 }));
  const [finding] = check("tokens.trailing-space", failure);
  expect(finding).toMatchObject({ severity: "problem", certainty: "certain" });
  expect(finding?.change?.apply(prefilled).messages[1]?.parts[0]).toMatchObject({ text: "The river is" });
  expect(finding?.change?.symptom(failure)).toBe(true);
});

test("a cue with a space after it is a note", () => {
  expect(
    check("tokens.trailing-space", call(request({ messages: [user("Q: Longest river?\nA: ")] }), text("Nile"), finish("stop")))[0],
  ).toMatchObject({ severity: "note" });
});

test("silent for a line break after a question, for space inside, and for text without any", () => {
  for (const fine of ["Name a river.\n", "Name a river.  ", "Name a river", "   "]) {
    expect(check("tokens.trailing-space", call(request({ messages: [user(fine)] }), text("Nile"), finish("stop")))).toEqual([]);
  }
});

test("the quoted end begins with a word", () => {
  const long = request({ messages: [user("Name one."), message("assistant", "The longest river of Germany is the ", "messages[1]")] });
  expect(check("tokens.trailing-space", call(long, text("Rhine"), finish("stop")))[0]?.says).toContain("(“…of Germany is the ”)");
});
