import { expect, test } from "vitest";
import { call, check, finish, pointedAt, request, tool } from "../calls.ts";

const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
const asked = request({ tools: [{ name: "weather", schema, json: {}, at: "tools[0]" }] });

test("arguments cut by the cap", () => {
  const [finding] = check("structure.tool-arguments", call(asked, ...tool("weather", '{"city": "Par'), finish("output-cap", "length")));
  expect(finding?.says).toBe(
    "The arguments of weather are not valid JSON: at $.city, line 1, column 14, the text ends inside a string; it was cut by the length limit (see cut.output-cap).",
  );
});

test("arguments that are another language's literals", () => {
  expect(check("structure.tool-arguments", call(asked, ...tool("weather", "{'city': True}"), finish("tool-use")))[0]?.says).toContain(
    "single quotes",
  );
});

test("no arguments where the schema requires some", () => {
  expect(check("structure.tool-arguments", call(asked, ...tool("weather", ""), finish("tool-use")))[0]?.says).toContain("requires city");
});

test("silent for valid arguments, for none where none are required, and for tools that take plain text", () => {
  expect(check("structure.tool-arguments", call(asked, ...tool("weather", '{"city":"Paris"}'), finish("tool-use")))).toEqual([]);
  expect(check("structure.tool-arguments", call(request(), ...tool("now", ""), finish("tool-use")))).toEqual([]);
  const custom = request({ tools: [{ name: "code", json: { type: "custom", name: "code" }, at: "tools[0]" }] });
  expect(check("structure.tool-arguments", call(custom, ...tool("code", "print(1)"), finish("tool-use")))).toEqual([]);
});

test("arguments that contradict the schema, at the value", () => {
  const units = { type: "string", enum: ["celsius", "kelvin"] };
  const strict = {
    ...schema,
    required: ["city", "days"],
    properties: { ...schema.properties, days: { type: "integer" }, unit: units },
    additionalProperties: false,
  };
  const of = request({ tools: [{ name: "weather", schema: strict, json: {}, at: "tools[0]" }] });
  const wrong = call(of, ...tool("weather", '{"city": 7, "unit": "f", "tone": "dry"}'), finish("tool-use"));
  const [finding] = check("structure.tool-arguments", wrong);
  expect(finding?.says).toBe(
    'The arguments of weather do not fit its schema: $.days is missing; $.city is a number where the schema wants a string; $.unit is "f", and the schema allows "celsius", "kelvin"; $.tone is no key of the schema.',
  );
  expect(finding && pointedAt(wrong, finding)).toEqual(['{"city": 7, "unit": "f", "tone": "dry"}', "7", '"f"', '"dry"']);
});

test("a key that is not declared is wrong only where the schema is closed or strict", () => {
  const more = tool("weather", '{"city":"Paris","tone":"dry"}');
  expect(check("structure.tool-arguments", call(asked, ...more, finish("tool-use")))).toEqual([]);
  const strict = request({ tools: [{ name: "weather", schema, json: { function: { strict: true } }, at: "tools[0]" }] });
  expect(check("structure.tool-arguments", call(strict, ...more, finish("tool-use")))[0]?.says).toContain("$.tone is no key of the schema");
});
