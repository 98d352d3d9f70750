import { type CallEvent, type Explanation, foldCall, newCallId } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { describe, expect, test } from "vitest";
import { caseInHtml, exportHtml } from "../src/index.ts";

const utf8 = new TextEncoder();
const hostile = "</script><img src=x onerror=alert(1)>\u202Eevil\u202C \u200Bhidden\u0007 <!--";

const callWith = (answer: string, prompt = hostile) => {
  const words = answer.split(/(?<= )/);
  const events: CallEvent[] = [
    {
      type: "call-start",
      model: { provider: "openai", asked: "gpt-4o-mini" },
      format: "openai-chat",
      issued: 1_795_000_000_000,
      request: {
        format: "openai-chat",
        model: "gpt-4o-mini",
        messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text: prompt, at: "messages[0].content" }] }],
        tools: [],
        parameters: { maxOutputTokens: 5 },
        notUnderstood: [],
        body: { model: "gpt-4o-mini", max_tokens: 5, messages: [{ role: "user", content: prompt }] },
      },
    },
    { type: "headers-received", at: 80, response: { status: 200 } },
    ...words.flatMap((text, i): CallEvent[] => [
      { type: "chunk-received", at: 100 + i * 10, bytes: 20 },
      { type: "text-delta", answer: 0, text, at: 100 + i * 10 },
      {
        type: "token-step",
        answer: 0,
        step: { bytes: utf8.encode(text), logprob: -i, at: 100 + i * 10, top: [{ bytes: utf8.encode('"><b>'), logprob: -0.5 }] },
      },
    ]),
    { type: "usage", usage: { inputTokens: 20, outputTokens: 5, source: "provider" } },
    { type: "answer-finish", answer: 0, finish: { reason: "output-cap", raw: "length" } },
    { type: "response-end", at: 400 },
    { type: "closed", at: 410, by: "server" },
  ];
  return foldCall(events, { id: newCallId(), origin: { kind: "file", from: hostile } });
};

const pageOf = async (change: (explanation: Explanation) => Explanation = (same) => same, answer = `${hostile} and a tail`) => {
  const explanation = await explain(callWith(answer), { catalog, loadTokenizer });
  const bodies = { request: utf8.encode(`{"x":${JSON.stringify(hostile)}}`), response: utf8.encode(hostile) };
  return exportHtml(change(explanation), bodies);
};

/** Every tag of the page, parsed as a browser would see them outside of raw-text elements. */
const tagsOf = (page: string) =>
  [
    ...page
      .replace(/<style>[\s\S]*?<\/style>/, "")
      .replace(/<script type="application\/json"[^>]*>[\s\S]*?<\/script>/, "<script>")
      .matchAll(/<\s*(\/?[a-zA-Z!][^\s>/]*)/g),
  ].map(([, tag]) => tag as string);

describe("what a model or user wrote", () => {
  test("is never markup, wherever it stands", async () => {
    const page = await pageOf();
    const [, block = ""] = /<script type="application\/json" id="cutaway-case">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(block).not.toContain("<");
    const tags = new Set(tagsOf(page).map((tag) => tag.replace("/", "").toLowerCase()));
    expect([...tags].filter((tag) => ["img", "b", "!--", "iframe", "svg"].includes(tag)).toSorted()).toEqual(["b", "svg"]);
    expect(page).not.toContain("<img");
    expect(page.replace(block, "")).not.toContain("onerror=alert(1)>");
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/title="[^"]*"><b>/);
  });

  test("cannot hide or reverse text: such characters are named, in the page and in its attributes", async () => {
    const page = await pageOf();
    const readable = page.replace(/<script[\s\S]*?<\/script>/, "");
    expect(readable).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u0007]/);
    expect(readable).toContain('<span class="hidden">U+202E</span>');
    expect(readable).toContain("U+200B");
  });
});

test("the page reads without network and script, and forbids both", async () => {
  const page = await pageOf();
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toMatch(
    /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'"/,
  );
  expect(page.match(/<script(?! type="application\/json")/g)).toBeNull();
  expect(page.match(/\s(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
  expect(page).toContain("prefers-color-scheme: dark");
});

test("it shows findings with links to what they point at, tokens by probability, segments, timing, cost and bodies", async () => {
  const page = await pageOf();
  expect(page).toContain("cut.output-cap");
  for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${anchor}"`);
  expect(page).toMatch(/<span class="t p0[^"]*" title="probability 100 %/);
  expect(page).toMatch(/<span class="t p6[^"]*" title="probability 0\.\d+ %/);
  for (const heading of ["Findings", "Answer", "Prompt, in the order", "Timing", "Cost and usage", "As it was on the wire"])
    expect(page).toContain(`<h2>${heading}`);
  expect(page).toContain("410 ms");
  expect(page).toMatch(/Total<\/th>.*\$0\.00000/);
});

test("it says what is unknown instead of inventing it", async () => {
  const page = await pageOf(({ cost: _cost, ...rest }) => ({
    ...rest,
    costUnknown: "no price for <this>",
    call: { ...rest.call, usage: {}, instants: {} },
    durations: {},
  }));
  expect(page).toContain("Cost unknown: no price for &lt;this&gt;");
  expect(page).toContain("No usage was reported.");
  expect(page).toContain("Unknown: no clock ran");
});

test("the case in it can be read back", async () => {
  const page = await pageOf();
  const text = new TextDecoder().decode(caseInHtml(utf8.encode(page)));
  expect(text).not.toContain("</");
  expect(JSON.stringify(JSON.parse(text))).toContain(JSON.stringify(hostile).slice(1, -1));
  expect(caseInHtml(utf8.encode('{"model":"x"}'))).toBeUndefined();
});
