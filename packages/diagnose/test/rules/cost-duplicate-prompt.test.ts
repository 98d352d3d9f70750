import { expect, test } from "vitest";
import { call, check, finish, message, pointedAt, request, text, user } from "../calls.ts";

const passage = Array.from({ length: 120 }, (_, i) => `Fact ${i} about rivers and the sea.`).join(" ");

test("a document sent twice: where it stands first and again", () => {
  const asked = request({ messages: [user(`Read:\n\n${passage}\n\nAnd:\n\n${passage}\n\nSum up.`)] });
  const of = call(asked, text("Rivers."), finish("stop"));
  const [finding] = check("cost.duplicate-prompt", of);
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding && pointedAt(of, finding)).toEqual([passage, passage]);
  const mended = finding?.change?.apply(asked);
  expect(mended?.messages[0]?.parts[0]).toMatchObject({ text: `Read:\n\n${passage}\n\nAnd:\n\n\n\nSum up.` });
});

test("a whole message sent twice", () => {
  const asked = request({ messages: [user(passage, 0), message("assistant", "Yes.", "messages[1]"), user(passage, 2)] });
  expect(check("cost.duplicate-prompt", call(asked, text("Yes."), finish("stop")))[0]?.evidence).toMatchObject([
    { path: "messages[0].content" },
    { path: "messages[2].content" },
  ]);
});

test("silent for short repetitions and for passages that differ", () => {
  const asked = request({ messages: [user("Yes.\n\nYes.\n\nYes."), user(passage, 1), user(`${passage}!`, 2)] });
  expect(check("cost.duplicate-prompt", call(asked, text("Yes."), finish("stop")))).toEqual([]);
});
