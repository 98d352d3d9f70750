import { expect, test } from "vitest";
import { findJson } from "../src/index.ts";

const held = (text: string) => {
  const found = findJson(text);
  return found && [found.kind, text.slice(found.span.start, found.span.end)];
};

test("JSON alone, in a fence, and inside prose", () => {
  expect(held(' {"a": 1}\n')).toEqual(["whole", '{"a": 1}']);
  expect(held('Here it is:\n```json\n{"a": 1}\n```\nDone.')).toEqual(["fenced", '{"a": 1}']);
  expect(held("```\n[1, 2]\n```")).toEqual(["fenced", "[1, 2]"]);
  expect(held('The answer is {"a": 1}, I think.')).toEqual(["embedded", '{"a": 1}']);
  expect(held('{"a": 1}\n\nI hope this helps!')).toEqual(["embedded", '{"a": 1}']);
});

test("broken JSON is found too, and a fence left open is told", () => {
  expect(held('{"a": 1,')).toEqual(["whole", '{"a": 1,']);
  expect(findJson('```json\n{"a":')).toEqual({ kind: "fenced", span: { start: 8, end: 13 }, openFence: true });
});

test.each([
  "",
  "Plain prose.",
  "[Note] this",
  "[[ ## answer ## ]]\nNile",
  "{name} is a placeholder",
  "```python\nx = {1: 2}\n```",
  "f(x) { return }",
])("none in %j", (text) => expect(findJson(text)).toBeUndefined());
