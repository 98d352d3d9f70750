import { isCutawayError, type Message, type SegmentKind } from "@cutaway/core";
import { fromGguf } from "@cutaway/tokenizer";
import { type PromptTokenOptions, promptTokens, type RenderedPrompt, rawPrompt, renderChat } from "@cutaway/tokenizer/chat-template";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { strftime } from "../src/chat/strftime.ts";
import { type GoldenCase, golden, message, messagesOf, tokenizerOf, toolsOf } from "./chat-golden.ts";
import { metadataOf, realModel } from "./real-model.ts";

const templateOf = (name: string) => golden.templates[name] as string;

const render = ({ template, chat, generation }: Pick<GoldenCase, "template" | "chat" | "generation">) => {
  const [bos, eos] = golden.specials[template] as [string, string];
  return renderChat(templateOf(template), messagesOf(chat), { bos, eos, addGenerationPrompt: generation, tools: toolsOf(chat) });
};

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isCutawayError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "nothing thrown";
}

/** The texts of the parts, each with its segment before it. */
const partsOf = ({ text, parts }: RenderedPrompt) => parts.map(({ span, segment }) => `${segment}: ${text.slice(span.start, span.end)}`);

describe.each(Object.keys(golden.templates))("%s", (template) => {
  const cases = golden.cases.filter((one) => one.template === template);
  const accepted = cases.filter(({ refused }) => refused === undefined);
  const tokenizer = tokenizerOf(template);

  test("the texts are those of transformers", () => {
    expect(accepted.map((one) => render(one).text)).toEqual(accepted.map(({ text }) => text));
  });

  test("what the template refuses is refused in its words", () => {
    const refused = cases.filter((one) => one.refused !== undefined);
    expect(refused.map((one) => errorOf(() => render(one)))).toEqual(
      refused.map((one) => `bad-chat-template: the chat template refuses these messages: ${one.refused}`),
    );
  });

  test("with special tokens read everywhere, the ids are those of transformers", () => {
    const ids = accepted.map((one) => promptTokens(tokenizer, render(one), { parseSpecial: true }).map(({ id }) => id));
    expect(ids.map((list) => list.join(" "))).toEqual(accepted.map((one) => one.ids));
  });

  test("every part holds its message's text and nothing else", () => {
    for (const one of accepted) {
      const { text, parts, unlocated } = render(one);
      expect([one.chat, ...unlocated]).toEqual([one.chat]);
      const given = messagesOf(one.chat).flatMap((each) => each.parts.map((part) => ("text" in part ? part.text.trim() : "")));
      const found = parts.filter(({ segment }) => segment !== "tools").map(({ span }) => text.slice(span.start, span.end).trim());
      for (const content of new Set(given)) if (text.includes(content) && content !== "") expect(found).toContain(content);
      expect(parts.every(({ span }, index) => span.start >= (parts[index - 1]?.span.end ?? 0) && span.end > span.start)).toBe(true);
    }
  });

  test("a message cannot speak in special tokens, however it is written", () => {
    const { specials } = golden;
    const [bos, eos] = specials[template] as [string, string];
    const specialsOf = (text: string) => {
      const rendered = renderChat(templateOf(template), [message("user", text)], { bos, eos });
      return promptTokens(tokenizer, rendered).flatMap(({ id, special }) => (special ? [id] : []));
    };
    const harmless = specialsOf("x");
    const pieces = [...(specials[template] as string[]), "<", ">", "|", " ", "\n", "x", "s", "/", "im", "end"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (list) => {
        expect(specialsOf(list.join(""))).toEqual(harmless);
      }),
    );
  });
});

describe("segments", () => {
  test("system, earlier turns, the last user message; a default system message is the template's", () => {
    const system = [message("system", "S"), message("user", "A"), message("assistant", "B"), message("user", "C")];
    expect(partsOf(renderChat(templateOf("smollm2"), system))).toEqual(["system: S", "history: A", "history: B", "user: C"]);
    expect(partsOf(renderChat(templateOf("smollm2"), [message("user", "C")]))).toEqual(["user: C"]);
    expect(partsOf(renderChat(templateOf("smollm2"), [message("user", "C"), message("assistant", "D")]))).toEqual(["user: C", "history: D"]);
  });

  test("tools, tool calls and their results", () => {
    const prompt = render({ template: "hermes", chat: "tools", generation: true });
    expect(partsOf(prompt)).toEqual([
      "system: Use the tools.",
      expect.stringMatching(/^tools: \{"type": "function", "function": \{"name": "get_weather".*\}\}$/),
      expect.stringMatching(/^tools: \{"type": "function", "function": \{"name": "now".*\}\}$/),
      "history: Weather in Oslo and Paris?",
      "history: get_weather",
      "history: Oslo",
      "history: get_weather",
      "history: Paris",
      "context: -3 °C",
      'context: {"t": 9}',
      "history: Oslo is colder.",
      "user: Thanks",
    ]);
  });

  test("white space around a message is its own where the template keeps it", () => {
    const chat = [message("user", "  a\n")];
    expect(partsOf(renderChat(templateOf("smollm2"), chat))).toEqual(["user:   a\n"]);
    expect(partsOf(renderChat(templateOf("gemma"), chat, { bos: "<bos>" }))).toEqual(["user: a"]);
  });

  test("a message that is used twice, left out, or moved is found where it is", () => {
    const chat = [message("system", "S"), message("user", "A")];
    expect(partsOf(renderChat("{{ messages[1].content }}-{{ messages[0].content }}+{{ messages[1].content }}", chat))).toEqual([
      "user: A",
      "system: S",
      "user: A",
    ]);
    expect(partsOf(renderChat("{{ messages[1].content }}", chat))).toEqual(["user: A"]);
  });

  test("a template that looks into the texts hides where they went: all is the template's, and the texts are named", () => {
    const chat = [message("user", "Hello")];
    for (const template of [
      "{{ messages[0].content | upper }}{{ messages[0].content | length }}",
      "{{ messages[0].content[:3] }}",
      "{% if messages[0].content == 'Hello' %}hi{% endif %}{{ messages[0].content }}",
      "{{ raise_exception('odd') if messages[0].content | length != 5 }}{{ messages[0].content }}",
    ]) {
      expect(renderChat(template, chat)).toMatchObject({ parts: [], unlocated: ["Hello"] });
    }
  });

  test("so do characters for private use, which the marks are made of", () => {
    const chat = [message("user", "\ue000\ue001")];
    expect(renderChat("{{ messages[0].content }}", chat)).toEqual({ text: "\ue000\ue001", parts: [], unlocated: ["\ue000\ue001"] });
  });

  test("tools that the template writes in a form of its own are named too, and tools it ignores are not", () => {
    const options = { tools: toolsOf("tools") };
    const own = renderChat("{% for tool in tools %}{{ tool.function.name }};{% endfor %}", [message("user", "x")], options);
    expect(own).toMatchObject({ text: "get_weather;now;", parts: [], unlocated: [expect.stringContaining("get_weather")] });
    expect(renderChat("{{ messages[0].content }}", [message("user", "x")], options).unlocated).toEqual([]);
    for (const form of ["{{ tools | tojson }}", "{{ tools | tojson(indent=4) }}", "{% for t in tools %}{{ t.function | tojson }},{% endfor %}"]) {
      const prompt = renderChat(`Tools: ${form} {{ messages[0].content }}`, [message("user", "x")], options);
      expect([...new Set(prompt.parts.map(({ segment }) => segment)), prompt.unlocated]).toEqual(["tools", "user", []]);
    }
  });

  test("the beginning of the answer goes last", () => {
    const prompt = renderChat(templateOf("smollm2"), [message("user", "A")], { prefill: "Sure" });
    expect(prompt.text.endsWith("<|im_start|>assistant\nSure")).toBe(true);
    expect(partsOf(prompt)).toEqual(["user: A", "history: Sure"]);
  });
});

describe("tokens", () => {
  const tokenizer = tokenizerOf("smollm2");
  const [start, end] = ["<|im_start|>", "<|im_end|>"].map((text) => tokenizer.specialTokens.get(text) as number);
  const chat = (text: string) => renderChat(templateOf("smollm2"), [message("system", "S"), message("user", text)]);

  test("their bytes join to the prompt, and special ones say so", () => {
    const prompt = chat("The quick 🇫🇷 fox <|im_end|>");
    const tokens = promptTokens(tokenizer, prompt);
    expect(Buffer.concat(tokens.map(({ bytes }) => bytes)).toString()).toBe(prompt.text);
    expect(tokens.filter(({ special }) => special).map(({ id }) => id)).toEqual([start, end, start, end, start]);
    expect(promptTokens(tokenizer, prompt, { parseSpecial: true }).filter(({ special }) => special)).toHaveLength(6);
  });

  test("each belongs to the segment of most of its bytes, of equals the first", () => {
    const shown = (...parts: RenderedPrompt["parts"]) =>
      promptTokens(tokenizer, { text: " the the", parts, unlocated: [] }).map(
        ({ bytes, segment }) => `${new TextDecoder().decode(bytes)}:${segment}`,
      );
    const part = (start: number, end: number, segment: SegmentKind) => ({ span: { start, end }, segment });
    expect(shown()).toEqual([" the:template", " the:template"]);
    expect(shown(part(1, 6, "user"))).toEqual([" the:user", " the:user"]);
    expect(shown(part(1, 5, "user"))).toEqual([" the:user", " the:template"]);
    expect(shown(part(2, 7, "user"))).toEqual([" the:template", " the:user"]);
    expect(shown(part(0, 4, "system"), part(4, 6, "context"), part(6, 8, "user"))).toEqual([" the:system", " the:context"]);
    expect(shown(part(0, 1, "system"), part(1, 4, "context"), part(5, 8, "user"))).toEqual([" the:context", " the:user"]);
  });

  test("merges cross the borders of segments, as they do in the whole text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (first, second) => {
        const text = `${first}${second}`;
        const parts = [{ span: { start: 0, end: first.length }, segment: "user" as const }].filter(({ span }) => span.end > 0);
        const ids = promptTokens(tokenizer, { text, parts, unlocated: [] }).map(({ id }) => id as number);
        expect(ids).toEqual([...tokenizer.encode(text, { disallowedSpecial: "as-text" })]);
      }),
    );
  });

  test("where nobody can tell whose a special token is, it is refused unless it may be read everywhere", () => {
    const hiding = "{{ messages[0].content[:14] }}<|im_end|>";
    expect(errorOf(() => promptTokens(tokenizer, renderChat(hiding, [message("user", "a <|im_start|>")])))).toBe(
      'special-token-in-text: a message or tool holds "<|im_start|>", a special token, and this chat template hides where its texts go',
    );
    const tokens = promptTokens(tokenizer, renderChat(hiding, [message("user", "a")]));
    expect(tokens.map(({ special }) => special === true)).toEqual([false, true]);
    expect(promptTokens(tokenizer, renderChat(hiding, [message("user", "a <|im_start|>")]), { parseSpecial: true }).at(-1)?.id).toBe(end);
  });

  test("BOS: as the file says and never twice, always, or as the template has it", () => {
    const bos = { id: start as never, text: "<|im_start|>" };
    const starts = (text: string, options: PromptTokenOptions) =>
      promptTokens(tokenizer, { text, parts: [], unlocated: [] }, options).map(({ id }) => (id === start ? "BOS" : "x"));
    const asks = { specials: { bos, addBos: true } };
    const asksNot = { specials: { bos, addBos: false } };
    expect(starts("a", asks)).toEqual(["BOS", "x"]);
    expect(starts("a", asksNot)).toEqual(["x"]);
    expect(starts("a", {})).toEqual(["x"]);
    expect(starts("<|im_start|>a", asks)).toEqual(["BOS", "x"]);
    expect(starts("<|im_start|>a", { ...asksNot, bos: "always" })).toEqual(["BOS", "BOS", "x"]);
    expect(starts("a", { ...asks, bos: "never" })).toEqual(["x"]);
    expect(starts("<|im_start|>a", { ...asks, bos: "never" })).toEqual(["BOS", "x"]);
    expect(starts("", asks)).toEqual(["BOS"]);
    expect(errorOf(() => starts("a", { bos: "always" }))).toBe('no-bos-token: bos is "always", and smollm2 has no BOS token');
  });

  test("a raw prompt is the texts and nothing else", () => {
    const prompt = rawPrompt([message("user", "a<|im_end|>"), message("user", "b")], "c");
    expect(partsOf(prompt)).toEqual(["user: a<|im_end|>b", "history: c"]);
    expect(promptTokens(tokenizer, prompt).some(({ special }) => special)).toBe(false);
    expect(promptTokens(tokenizer, prompt, { parseSpecial: true }).filter(({ special }) => special)).toHaveLength(1);
  });
});

describe.skipIf(!realModel)("the real SmolLM2", () => {
  const metadata = realModel ? metadataOf(realModel) : new Map();

  test("its own template gives the ids of transformers", () => {
    const tokenizer = fromGguf(metadata, "smollm2");
    const template = metadata.get("tokenizer.chat_template");
    expect(template).toBe(golden.templates.smollm2);
    const ids = golden.realIds.map(({ chat, generation }) =>
      promptTokens(tokenizer, render({ template: "smollm2", chat, generation }), { parseSpecial: true }),
    );
    expect(ids.map((tokens) => tokens.map(({ id }) => id).join(" "))).toEqual(golden.realIds.map((one) => one.ids));
  });
});

describe("what messages may hold", () => {
  const seen = (parts: Message["parts"]) => renderChat("{{ messages | tojson }}", [{ role: "assistant", parts, at: "messages[0]" }]).text;

  test("texts are joined by line ends; reasoning, calls and results have fields of their own", () => {
    const text = (value: string) => ({ type: "text", text: value, at: "" }) as const;
    expect(JSON.parse(seen([text("a"), text("b"), { type: "reasoning", text: "hm", at: "" }]))).toEqual([
      { role: "assistant", content: "a\nb", reasoning_content: "hm" },
    ]);
    expect(JSON.parse(seen([{ type: "tool-call", name: "f", arguments: "{broken", at: "" }]))).toEqual([
      { role: "assistant", content: "", tool_calls: [{ type: "function", function: { name: "f", arguments: "{broken" } }] },
    ]);
    expect(JSON.parse(seen([{ type: "tool-result", id: "1", text: "r", at: "" }, text("a")]))).toEqual([
      { role: "tool", content: "r", tool_call_id: "1" },
      { role: "assistant", content: "a" },
    ]);
  });

  test("pictures and the like are refused", () => {
    expect(errorOf(() => seen([{ type: "media", media: "image", at: "messages[0].content[0]" }]))).toBe(
      "unsupported-content: messages[0].content[0] is image: a chat template takes text",
    );
  });
});

describe("templates from strangers", () => {
  const outgrown = "the chat template is too large or does too much:";
  test.each([
    ["{% if x", "the chat template cannot be rendered: Unexpected end of input"],
    ["{{ 1 / 'a' }}", "the chat template cannot be rendered: Unknown operator"],
    ["{{ raise_exception('no ' ~ 1) }}", "the chat template refuses these messages: no 1"],
    ["{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", `${outgrown} more than 1000000 steps`],
    ["{{ range(10 ** 12) }}", `${outgrown} a list of 1000000000000 elements`],
    [
      "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
      `${outgrown} a list of more than 100000 elements`,
    ],
    [
      "{% set n = namespace(x='a') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
      `${outgrown} a text of more than 16777216 characters`,
    ],
    ["{% macro f(g) %}{{ g(g) }}{% endmacro %}{{ f(f) }}", "the chat template cannot be rendered: Maximum call stack size exceeded"],
    [`{{ ${"(".repeat(50_000)} }}`, "the chat template cannot be rendered: Maximum call stack size exceeded"],
    [`x${" ".repeat(251)}`, `${outgrown} more than 250 white-space characters in a row`],
    ["x".repeat(262_145), `${outgrown} 262145 characters, more than 262144`],
    ["{{ range(1, 2, 0) }}", "the chat template cannot be rendered: range() takes whole numbers"],
  ])("%.60s", (template, says) => {
    expect(errorOf(() => renderChat(template, [message("user", "x")]))).toContain(`bad-chat-template: ${says}`);
  });

  test("the prototype is out of reach", () => {
    const template = "{{ messages[0]['constructor'] }}{{ messages[0].__proto__ }}{{ ''.constructor }}{{ constructor }}";
    expect(renderChat(template, [message("user", "x")]).text).toBe("");
  });

  test("the clock and ranges are those of Python", () => {
    expect(golden.dates.map(([moment, format]) => strftime(new Date(moment), format))).toEqual(golden.dates.map(([, , text]) => text));
    const now = new Date(2024, 6, 4);
    expect(renderChat("{{ strftime_now('%d %b %Y') }} {{ range(3) | join(',') }} {{ range(5, 1, -2) | join(',') }}", [], { now }).text).toBe(
      "04 Jul 2024 0,1,2 5,3",
    );
  });
});
