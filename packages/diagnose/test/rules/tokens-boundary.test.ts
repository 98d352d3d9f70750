import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";
import { call, check, finish, message, request, text, user } from "../calls.ts";

const tokenizer = await loadTokenizer("o200k_base");
const facts = { tokenizer: { tokenizer, exact: true } };

test("a started answer that ends inside a word the tokenizer writes as one token", () => {
  const asked = request({ messages: [user("Name a river."), message("assistant", "The Amaz", "messages[1]")] });
  const [finding] = check("tokens.boundary", call(asked, text("on river."), finish("stop")), facts);
  expect(finding).toMatchObject({ severity: "note", certainty: "likely" });
  expect(finding?.says).toContain("“ Amazon”");
});

test("two parts that grow together", () => {
  const parts = [
    { type: "text" as const, text: "The answer is in the wat", at: "messages[0].content[0].text" },
    { type: "text" as const, text: "er cycle.", at: "messages[0].content[1].text" },
  ];
  const asked = request({ messages: [{ role: "user", at: "messages[0]", parts }] });
  expect(check("tokens.boundary", call(asked, text("Yes."), finish("stop")), facts)[0]?.says).toContain("“ water”");
});

test("silent where the joint is a boundary, and without a tokenizer", () => {
  const whole = request({ messages: [user("Name a river."), message("assistant", "The river is", "messages[1]")] });
  expect(check("tokens.boundary", call(whole, text(" the Nile."), finish("stop")), facts)).toEqual([]);
  const broken = request({ messages: [user("Name a river."), message("assistant", "The Amaz", "messages[1]")] });
  expect(check("tokens.boundary", call(broken, text("on river."), finish("stop")))).toEqual([]);
});
