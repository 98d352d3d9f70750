import { describe, expect, test } from "vitest";
import { checkText, compileLanguage, keywordCounts, type LanguageReading, type LanguageSource } from "../src/index.ts";

const check = (source: LanguageSource, text: string, reading?: LanguageReading) => checkText(compileLanguage(source, reading), text);

describe("a text against a language", () => {
  const citation: LanguageSource = { kind: "regex", pattern: String.raw`\d+ U\.S\.C\. § \d+` };

  test("whole, the beginning of one, and broken at a byte", () => {
    expect(check(citation, "42 U.S.C. § 1983")).toEqual({ is: "whole" });
    expect(check(citation, "42 U.S.")).toMatchObject({ is: "beginning", expected: "“C”" });
    expect(check(citation, "42 U.S.X")).toMatchObject({ is: "broken", at: 7, before: "42 U.S.", found: "X", expected: "“C”" });
  });

  test("where it breaks inside a character, the character is told whole", () => {
    expect(check(citation, "42 U.S.C. ¶ 1")).toMatchObject({ is: "broken", at: 11, before: "42 U.S.C. ", found: "¶" });
  });

  test("a character beyond ASCII that has to come is told as a character", () => {
    expect(check(citation, "42 U.S.C. 1983")).toMatchObject({ is: "broken", at: 10, expected: "“§”" });
  });

  test("a pattern holds the whole text, not a part of it", () => {
    expect(check({ kind: "regex", pattern: "b" }, "abc").is).toBe("broken");
    expect(check({ kind: "regex", pattern: "^b$" }, "b").is).toBe("whole");
  });

  test("one of several texts", () => {
    const choice: LanguageSource = { kind: "choice", texts: ["yes", "no", "yesterday"] };
    expect(check(choice, "yes").is).toBe("whole");
    expect(check(choice, "y")).toMatchObject({ is: "beginning", expected: "“e”" });
    expect(check(choice, "")).toMatchObject({ is: "beginning", expected: "“n”, “y”" });
    expect(check(choice, "yesterdays")).toMatchObject({ is: "broken", expected: "the end" });
  });

  test("free text comes first, up to a mark", () => {
    const after = { after: "</think>" };
    const digits: LanguageSource = { kind: "regex", pattern: "\\d" };
    expect(check(digits, "hm, <2 or </thin ... </think>7", after).is).toBe("whole");
    expect(check(digits, "</think>7", after).is).toBe("whole");
    expect(check(digits, "7", after).is).toBe("beginning");
    expect(check(digits, "a</think>b", after)).toMatchObject({ is: "broken", at: 9, expected: "“0” to “9”" });
    expect(check(digits, "a</think></think>7", after)).toMatchObject({ is: "broken", at: 9 });
  });
});

describe("from every source", () => {
  const person = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer", maximum: 150 } },
    required: ["name"],
    additionalProperties: false,
  };

  test("a schema: the place says what is asked for, and what the text was in", () => {
    const source: LanguageSource = { kind: "json-schema", schema: person };
    expect(check(source, '{"name": "Al", "age": 7}').is).toBe("whole");
    expect(check(source, '{"nome"')).toMatchObject({
      is: "broken",
      at: 3,
      expected: "“a”",
      places: expect.arrayContaining([{ pointer: "/properties/name" }]),
    });
    const tooLarge = check(source, '{"name":"Al","age":200}');
    expect(tooLarge).toMatchObject({
      is: "broken",
      found: "0",
      within: expect.arrayContaining([{ pointer: "/properties/age", keyword: "maximum" }]),
    });
  });

  test("order and white space as asked", () => {
    const source: LanguageSource = { kind: "json-schema", schema: person };
    expect(check(source, '{"age":7,"name":"Al"}').is).toBe("broken");
    expect(check(source, '{"age":7,"name":"Al"}', { propertyOrder: "any" }).is).toBe("whole");
    expect(check(source, '{"name": "Al"}', { whitespace: "none" }).is).toBe("broken");
  });

  test("any JSON object, and nothing else", () => {
    expect(check({ kind: "json" }, '{"a":[1,{}]}').is).toBe("whole");
    expect(check({ kind: "json" }, "[1]").is).toBe("broken");
  });

  test("GBNF and Lark, with the rule and line", () => {
    const gbnf: LanguageSource = { kind: "gbnf", text: 'root ::= "a" digit\ndigit ::= [0-9]' };
    expect(check(gbnf, "a7").is).toBe("whole");
    expect(check(gbnf, "ax")).toMatchObject({ is: "broken", places: expect.arrayContaining([{ rule: "digit", line: 2 }]) });
    const lark: LanguageSource = { kind: "lark", text: 'start: "v" %json {"type": "integer"}' };
    expect(check(lark, "v12").is).toBe("whole");
    expect(check(lark, 'v"').is).toBe("broken");
  });

  test("a schema that no mask can hold is refused with its place, or left to be checked where that is asked for", () => {
    const source: LanguageSource = { kind: "json-schema", schema: { type: "array", items: { type: "string" }, uniqueItems: true } };
    expect(() => compileLanguage(source)).toThrowError(
      expect.objectContaining({ code: "schema-unsupported", data: expect.objectContaining({ keyword: "uniqueItems", pointer: "" }) }),
    );
    const { checkedAfter } = compileLanguage(source, { checkAfter: true });
    expect(checkedAfter).toEqual([{ pointer: "", keyword: "uniqueItems", says: expect.any(String) }]);
  });
});

test("keywords are counted where they are keywords, not where they are names", () => {
  const schema = {
    $comment: "x",
    type: "object",
    properties: { type: { type: "string" }, properties: { enum: [{ type: "x" }] } },
    allOf: [{ required: ["type"] }],
  };
  expect(
    keywordCounts(schema, [{ pointer: "/properties/type", keyword: "type" }]).map(({ keyword, times, checkedAfter }) => [
      keyword,
      times,
      checkedAfter,
    ]),
  ).toEqual([
    ["type", 2, 1],
    ["allOf", 1, 0],
    ["enum", 1, 0],
    ["properties", 1, 0],
    ["required", 1, 0],
    ["$comment", 1, 0],
  ]);
});
