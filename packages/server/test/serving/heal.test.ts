import { afterAll, beforeAll, expect, test } from "vitest";
import { modelName, startServed } from "./served.ts";

let shared: Awaited<ReturnType<typeof startServed>>;
beforeAll(async () => {
  shared = await startServed();
});
afterAll(() => shared.end());

const asked = { model: modelName, temperature: 0, max_tokens: 4 };

test("prompts that end inside a token are healed, and what their texts repeat of them is said", async () => {
  const { status, json } = await shared.post("/v1/completions", { ...asked, prompt: ["in t", "what?"], heal: true });
  expect([status, json.healed]).toEqual([200, [" t", ""]]);
  expect(json.choices[0].text.startsWith(" t")).toBe(true);
  const plain = await shared.post("/v1/completions", { ...asked, prompt: "what?" });
  expect([plain.json.healed, plain.json.choices[0].text]).toEqual([undefined, json.choices[1].text]);
});

test("echoed, prompt and answer are one text", async () => {
  const { json } = await shared.post("/v1/completions", { ...asked, prompt: "in t", heal: true, echo: true });
  expect(json.choices[0].text.startsWith("in t")).toBe(true);
});

test.each([
  [{ prompt: "in t", heal: true, max_tokens: 0, echo: true }, "heal"],
  [{ prompt: "in t", heal: true, response_format: { type: "json_object" } }, "heal"],
  [{ prompt: "in t", heal: "yes" }, "heal"],
])("refuses %j", async (body, param) => {
  const { status, json } = await shared.post("/v1/completions", { ...asked, ...body });
  expect([status, json.error.message]).toEqual([400, expect.stringContaining(param)]);
});

test("chat knows no heal: its prompt ends with what the template wrote", async () => {
  const { status, json } = await shared.post("/v1/chat/completions", { ...asked, messages: [{ role: "user", content: "in t" }], heal: true });
  expect([status, json.error.param]).toEqual([400, "heal"]);
});
