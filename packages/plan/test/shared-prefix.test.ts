import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sharedPrefix } from "../src/index.ts";
import { requestOf, words } from "./calls.ts";

const counter = { tokenizer: words };
const base = [
  ["system", "You are a careful clerk. Today is Monday."],
  ["user", "First question"],
] as const satisfies Parameters<typeof requestOf>[0];

describe("sharedPrefix", () => {
  test("a conversation that went on shares all that was sent before, though the old user turn is history now", () => {
    const later = requestOf([...base, ["assistant", "An answer"], ["user", "Second question"]]);
    expect(sharedPrefix(requestOf([...base]), later, counter)).toEqual({ tokens: 10, total: 14, segments: 2 });
  });

  test("a date in the system prompt parts them at its character", () => {
    const tuesday = requestOf([
      ["system", "You are a careful clerk. Today is Tuesday."],
      ["user", "First question"],
    ]);
    expect(sharedPrefix(requestOf([...base]), tuesday, counter)).toEqual({
      tokens: 7,
      total: 10,
      segments: 0,
      parts: { at: "messages[0].content[0]", label: "system", offset: 34, before: "Monday.", after: "Tuesday." },
    });
  });

  test("a tool that changed or moved ends what is shared", () => {
    const tool = (name: string) => ({ name, json: { name }, at: "tools[0]" });
    const before = requestOf([...base], { tools: [tool("a"), tool("b")] });
    const after = requestOf([...base], { tools: [tool("b"), tool("a")] });
    expect(sharedPrefix(before, after, counter)).toMatchObject({ tokens: 8, segments: 1, parts: { label: "tool b", before: 'a"}', after: 'b"}' } });
  });

  test("the same words from another speaker are not the same prompt", () => {
    expect(sharedPrefix(requestOf([["user", "Hello"]]), requestOf([["assistant", "Hello"]]), counter)).toMatchObject({
      tokens: 0,
      segments: 0,
      parts: { offset: 0 },
    });
  });

  test("another image is another prompt", () => {
    const image = (url: string) => requestOf([["user", { type: "media", media: "image", url, at: "i" }, "What is it?"]]);
    expect(sharedPrefix(image("a.png"), image("b.png"), counter)).toMatchObject({ segments: 0, tokens: 0 });
    expect(sharedPrefix(image("a.png"), image("a.png"), counter)).toEqual({ segments: 2, tokens: 3, total: 3 });
  });

  test("another model shares no cache", () => {
    expect(sharedPrefix(requestOf([...base]), requestOf([...base], { model: "gpt-4o-mini" }), counter)).toMatchObject({
      tokens: 0,
      parts: { at: "model", before: "gpt-4o", after: "gpt-4o-mini" },
    });
  });

  test("without a tokenizer only segments are counted", () => {
    expect(sharedPrefix(requestOf([...base]), requestOf([...base]))).toEqual({ segments: 2 });
  });

  test("a prompt shares all of itself; nothing shares more than either prompt", () => {
    const prompt = fc
      .array(fc.tuple(fc.constantFrom("user" as const, "assistant" as const), fc.stringMatching(/^[ab ]{0,12}$/)), { maxLength: 5 })
      .map((messages) => requestOf(messages));
    fc.assert(
      fc.property(prompt, prompt, (a, b) => {
        const { tokens, total } = sharedPrefix(a, a, counter);
        expect(tokens).toBe(total);
        const [forth, back] = [sharedPrefix(a, b, counter), sharedPrefix(b, a, counter)];
        expect(forth.tokens).toBe(back.tokens);
        expect(forth.tokens ?? 0).toBeLessThanOrEqual(Math.min(forth.total ?? 0, back.total ?? 0));
      }),
    );
  });
});
