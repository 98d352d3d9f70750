import { describe, expect, test } from "vitest";
import { pointedText, spanOfLine, spanOfPlace } from "../src/mask/pointer-spans.ts";

describe("where the parts of a schema stand in its text", () => {
  const schema = { type: "object", properties: { "a/b~c": { minimum: 3, enum: [1, { x: null }] } }, required: [], more: {} };
  const pointed = pointedText(schema);
  const at = (pointer: string) => {
    const span = pointed.spans.get(pointer);
    return span && pointed.text.slice(span.start, span.end);
  };

  test("the text is the JSON, indented", () => {
    expect(JSON.parse(pointed.text)).toEqual(schema);
    expect(pointed.text.split("\n")[1]).toBe('  "type": "object",');
  });

  test("every part by its pointer, with its name, escaped as pointers are", () => {
    expect(at("")).toBe(pointed.text);
    expect(at("/type")).toBe('"type": "object"');
    expect(at("/properties/a~1b~0c/minimum")).toBe('"minimum": 3');
    expect(at("/properties/a~1b~0c/enum/1/x")).toBe('"x": null');
    expect(at("/required")).toBe('"required": []');
  });

  test("a place is its keyword, else the part it is in", () => {
    const text = (place: { pointer?: string; keyword?: string }) => {
      const span = spanOfPlace(pointed, place);
      return span && pointed.text.slice(span.start, span.end);
    };
    expect(text({ pointer: "/properties/a~1b~0c", keyword: "minimum" })).toBe('"minimum": 3');
    expect(text({ pointer: "/properties/a~1b~0c", keyword: "maximum" })).toMatch(/^"a\/b~c": \{/);
    expect(text({ pointer: "/nowhere" })).toBeUndefined();
    expect(text({})).toBeUndefined();
  });

  test("lines of a grammar, counted from 1", () => {
    const grammar = "root ::= a\na ::= b\n";
    const line = (number: number) => {
      const span = spanOfLine(grammar, number);
      return span && grammar.slice(span.start, span.end);
    };
    expect([line(1), line(2), line(3), line(9)]).toEqual(["root ::= a", "a ::= b", "", undefined]);
  });
});
