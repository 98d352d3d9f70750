import { isJsonObject, type Message, type Part } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitPrompt } from "../src/index.ts";
import { requestOf, words } from "./calls.ts";

const counter = { tokenizer: words, exact: true };
const shown = (...args: Parameters<typeof splitPrompt>) => splitPrompt(...args).segments.map(({ kind, label, tokens }) => [kind, label, tokens]);

const call = (name: string, id: string): Part => ({ type: "tool-call", id, name, arguments: '{"city": "Bern"}', at: "x" });
const result = (text: string, id: string): Part => ({ type: "tool-result", id, text, at: "y" });
const tool = { name: "weather", json: { type: "function", name: "weather" }, at: "tools[0]" };

describe("kinds", () => {
  test("an agent's second step: the question stays the user's, what the tools brought is context", () => {
    const request = requestOf(
      [
        ["system", "Be brief."],
        ["user", "Hello there"],
        ["assistant", "Hi!"],
        ["user", "How is the weather in Bern?"],
        ["assistant", call("weather", "a")],
        ["tool", result("12 degrees, rain", "a")],
      ],
      { tools: [tool] },
    );
    expect(shown(request, { counter })).toEqual([
      ["system", "system", 2],
      ["tools", "tool weather", 1],
      ["history", "user", 2],
      ["history", "assistant", 1],
      ["user", "user", 6],
      ["history", "call of weather", 3],
      ["context", "result of weather", 3],
    ]);
  });

  test("Anthropic keeps tool results in user messages: they make no new turn", () => {
    const request = requestOf(
      [
        ["system", "Be brief."],
        ["user", "How is the weather in Bern?"],
        ["assistant", call("weather", "a")],
        ["user", result("12 degrees", "a")],
      ],
      { format: "anthropic-messages", tools: [tool] },
    );
    expect(shown(request, { counter }).map(([kind]) => kind)).toEqual(["tools", "system", "user", "history", "context"]);
  });

  test("documents are context by the wire format's word, older ones history", () => {
    const document = (text: string): Part => ({
      type: "other",
      name: "document",
      json: { type: "document", title: "Terms", source: { type: "text", data: text } },
      at: "d",
    });
    const request = requestOf([
      ["user", document("old terms"), "Read this."],
      ["assistant", "Done."],
      ["user", document("new terms of use"), "And this?"],
    ]);
    expect(shown(request, { counter })).toEqual([
      ["history", "document", 3],
      ["history", "user", 2],
      ["history", "assistant", 1],
      ["context", "document", 5],
      ["user", "user", 2],
    ]);
  });

  test("a document whose text is in the request is context; what a tool returned is nobody's turn", () => {
    const request = requestOf([
      ["user", { type: "text", text: "the terms", at: "messages[0].content[0].source.data" }, "Sum it up."],
      ["assistant", call("render", "a")],
      ["user", result("see picture", "a"), { type: "media", media: "image", at: "messages[2].content[0].content[1]" }],
    ]);
    expect(shown(request, { counter })).toEqual([
      ["context", "document", 2],
      ["user", "user", 3],
      ["history", "call of render", 3],
      ["context", "result of render", 2],
      ["context", "image, tokens not known", undefined],
    ]);
  });

  test("two messages of the user with no answer between them are one turn", () => {
    const request = requestOf([
      ["user", "Earlier"],
      ["assistant", "Yes"],
      ["user", "Look:"],
      ["user", "Which one?"],
    ]);
    expect(shown(request, { counter }).map(([kind]) => kind)).toEqual(["history", "history", "user", "user"]);
  });

  test("media and blocks without text have no tokens, and say so", () => {
    const image: Part = { type: "media", media: "image", mediaType: "image/png", bytes: 900, at: "i" };
    const encrypted: Part = {
      type: "other",
      name: "web_search_tool_result",
      json: { content: [{ type: "web_search_result", encrypted_content: "Zm9v" }] },
      at: "w",
    };
    expect(shown(requestOf([["user", image, encrypted, "What is it?"]]), { counter })).toEqual([
      ["user", "image, tokens not known", undefined],
      ["context", "web search tool result, tokens not known", undefined],
      ["user", "user", 3],
    ]);
  });
});

describe("counts", () => {
  const request = requestOf([
    ["system", "one two"],
    ["user", "three <|endoftext|>"],
  ]);

  test("tokens, their cost uncached, and what they leave unexplained", () => {
    const split = splitPrompt(request, { counter, inputPricePerMillion: 2.5, providerInputTokens: 11 });
    expect(split.segments.map(({ cost }) => cost)).toEqual([0.000005, 0.000005]);
    expect(split).toMatchObject({ counted: 4, unattributed: 7, tokenizer: { name: "words", exact: true } });
  });

  test("an estimate that is too high leaves less than nothing", () => {
    expect(splitPrompt(request, { counter: { tokenizer: words, exact: false }, providerInputTokens: 3 }).unattributed).toBe(-1);
  });

  test("without a tokenizer nothing is counted", () => {
    const split = splitPrompt(request, { inputPricePerMillion: 2.5, providerInputTokens: 11 });
    expect(split).toEqual({ segments: split.segments });
    expect(split.segments.every((segment) => !("tokens" in segment) && !("cost" in segment))).toBe(true);
  });

  test("without a price tokens have no cost", () => {
    expect(splitPrompt(request, { counter }).segments[0]).toEqual({
      kind: "system",
      at: "messages[0].content[0]",
      label: "system",
      text: "one two",
      tokens: 2,
    });
  });

  test("an empty request", () => {
    expect(splitPrompt(requestOf([]), { counter })).toEqual({ segments: [], tokenizer: { name: "words", exact: true }, counted: 0 });
  });
});

test("every part and every tool stands in one segment, and the segments' tokens are what was counted", () => {
  const text = fc.string({ maxLength: 40, unit: "grapheme" });
  const part: fc.Arbitrary<Part> = fc.oneof(
    text.map((text): Part => ({ type: "text", text, at: "t" })),
    text.map((text): Part => ({ type: "reasoning", text, at: "r" })),
    text.map((text): Part => ({ type: "tool-result", id: "a", text, at: "y" })),
    fc.constant(call("weather", "a")),
    fc.jsonValue().map((json): Part => ({ type: "other", name: "document", json: isJsonObject(json) ? json : { content: json as string }, at: "d" })),
  );
  const message = fc.tuple(fc.constantFrom<Message["role"]>("system", "developer", "user", "assistant", "tool"), fc.array(part, { maxLength: 3 }));
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 8 }),
      fc.constantFrom("openai-chat" as const, "anthropic-messages" as const),
      fc.nat(3),
      (messages, format, tools) => {
        const request = requestOf(
          messages.map(([role, parts]) => [role, ...parts]),
          { format, tools: Array.from({ length: tools }, () => tool) },
        );
        const split = splitPrompt(request, { counter, inputPricePerMillion: 1 });
        expect(split.segments).toHaveLength(messages.reduce((sum, [, parts]) => sum + parts.length, tools));
        expect(split.segments.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0)).toBe(split.counted);
      },
    ),
  );
});
