import { expect, test } from "vitest";
import { call, check, finish, request, text, tool } from "../calls.ts";

const tools = ["a", "b", "c"].map((name, i) => ({ name, schema: {}, json: { name }, at: `tools[${i}]` }));
const asked = request({ tools });
const facts = {
  prompt: {
    counted: 4_000,
    tokenizer: { name: "t", exact: true },
    segments: tools.map(({ at, name }) => ({ kind: "tools" as const, at, label: name, text: name, tokens: 1_000 })),
  },
};

test("tools that nobody called, and the request without them", () => {
  const [finding] = check("cost.unused-tools", call(asked, ...tool("a", "{}"), finish("tool-use")), facts);
  expect(finding?.says).toBe("2 of 3 tools were never called and take about 2,000 tokens, 50 % of the prompt.");
  expect(finding?.change?.apply(asked).tools.map(({ name }) => name)).toEqual(["a"]);
});

test("silent where they are used, where they are small, and where nobody counted", () => {
  const used = call(asked, ...tool("a", "{}"), finish("tool-use"));
  const small = { prompt: { ...facts.prompt, counted: 100_000 } };
  expect(check("cost.unused-tools", used, small)).toEqual([]);
  expect(check("cost.unused-tools", used)).toEqual([]);
  expect(check("cost.unused-tools", call(request(), text("Hi."), finish("stop")), facts)).toEqual([]);
});
