import { CutawayError, callFromJson, isJsonObject, type Tokenizer } from "@cutaway/core";
import { catalog } from "@cutaway/plan";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";
import { explain, explanationToJson } from "../src/index.ts";
import { call, finish, request, text, usage } from "./calls.ts";

const sources = { catalog, loadTokenizer };
const asked = request({ parameters: { temperature: 0 } });
const answered = {
  ...call(asked, text("Rivers begin as springs, 👋 too."), finish("stop"), usage({ inputTokens: 12, outputTokens: 9 })),
  instants: { issued: Date.parse("2025-06-01"), firstToken: 400, lastToken: 800, closed: 810 },
};

test("facts, prompt, cost, durations and tokens of a call", async () => {
  const explanation = await explain(answered, sources);
  expect(explanation.entry).toMatchObject({ provider: "openai", contextWindow: 128_000 });
  expect(explanation.prompt?.segments.map(({ kind, tokens }) => [kind, tokens])).toEqual([["user", 5]]);
  expect(explanation.cost?.total).toBeCloseTo((12 * 0.15 + 9 * 0.6) / 1e6, 12);
  expect(explanation.durations).toMatchObject({ ttft: 400, tpot: 50, total: 810 });
  const [strip] = explanation.strips;
  expect(strip).toMatchObject({ source: "tokenizer", tokenizer: "o200k_base" });
  expect(strip?.tokens.map(({ span }) => answered.answers[0]?.text.slice(span.start, span.end)).slice(0, 3)).toEqual(["R", "ivers", " begin"]);
});

test("the provider's own tokens are shown where their bytes are the text's", async () => {
  const utf8 = new TextEncoder();
  const emoji = utf8.encode("👋");
  const step = (bytes: Uint8Array) => ({
    type: "token-step" as const,
    answer: 0,
    step: { bytes, logprob: -0.5, top: [{ bytes: utf8.encode("Hey"), logprob: -1 }] },
  });
  const whole = call(asked, text("Hi 👋"), step(utf8.encode("Hi ")), step(emoji.slice(0, 3)), step(emoji.slice(3)), finish("stop"));
  const [strip] = (await explain(whole, sources)).strips;
  expect(strip?.source).toBe("logprobs");
  expect(strip?.tokens.map(({ span }) => span)).toEqual([
    { start: 0, end: 3 },
    { start: 3, end: 5 },
    { start: 3, end: 5 },
  ]);
  expect(strip?.tokens[0]).toMatchObject({ logprob: -0.5 });

  const other = call(asked, text("Hello"), step(utf8.encode("Hi")), finish("stop"));
  expect((await explain(other, sources)).strips[0]?.source).toBe("tokenizer");
});

test("a stand-in tokenizer makes an estimate, an unknown model nothing", async () => {
  const claude = {
    ...call(request({ format: "anthropic-messages", model: "claude-sonnet-4-5" }), text("Hi."), finish("stop")),
    model: { provider: "anthropic", asked: "claude-sonnet-4-5" },
  };
  expect((await explain(claude, sources)).strips[0]?.source).toBe("tokenizer-estimate");
  const unknown = { ...call(request({ model: "nobody-knows" }), text("Hi."), finish("stop")), model: { asked: "nobody-knows" } };
  const explanation = await explain(unknown, sources);
  expect(explanation.strips).toEqual([{ answer: 0, source: "none", tokens: [] }]);
  expect(explanation.costUnknown).toMatch(/\w/);
  expect(explanation.prompt?.segments).toHaveLength(1);
});

test("a tokenizer asked for by name must load; the catalog's is done without", async () => {
  const failing = {
    catalog,
    loadTokenizer: async (name: string): Promise<Tokenizer> => {
      throw new CutawayError("unknown-tokenizer", `no ${name}`);
    },
  };
  expect((await explain(answered, failing)).strips[0]?.source).toBe("none");
  await expect(explain(answered, { ...failing, tokenizer: "mine" })).rejects.toThrow("no mine");
});

test("a window given by hand replaces the catalog's", async () => {
  const full = call(request(), text("Riv"), finish("output-cap", "length"), usage({ inputTokens: 2_000, outputTokens: 48 }));
  expect((await explain(full, { ...sources, contextWindow: 2_048 })).findings[0]?.rule).toBe("cut.context-full");
  expect((await explain(full, sources)).findings[0]?.rule).toBe("cut.output-cap");
});

test("as JSON: schema, version, unknown as null, and the call read back from it", async () => {
  const json = explanationToJson(await explain(answered, sources));
  expect(json).toMatchObject({ schema: "cutaway/explanation", version: 1, costUnknown: null, findings: [] });
  expect(json.durations).toMatchObject({ ttft: 400, chunkGaps: null });
  const read = JSON.parse(JSON.stringify(json));
  expect(callFromJson(read.call)).toEqual(answered);
});

test("a change as its words and the parameters it sets, null for one it takes out", async () => {
  const message = "Unsupported parameter: 'temperature' is not supported with this model.";
  const refused = call(asked, { type: "call-error", error: { kind: "invalid-request", message, status: 400 } });
  const { findings } = explanationToJson(await explain(refused, sources));
  const first = Array.isArray(findings) ? findings[0] : undefined;
  expect(isJsonObject(first) && first.change).toEqual({
    says: "send no temperature",
    set: { temperature: null },
    setLocal: null,
    counts: "the model complains of “temperature”",
  });
});

test("a strip ends where nobody would read on, never inside a character, and says where", async () => {
  const text1M = `${"a".repeat(999_999)}👋 and more`;
  const [strip] = (await explain(call(asked, text(text1M), finish("stop")), sources)).strips;
  expect(strip?.endsAt).toBe(999_999);
  expect(strip?.tokens.at(-1)?.span.end).toBe(999_999);
});

test("a call without a date is priced at the one given, here before a tier was dropped, else at the list's", async () => {
  const undated = {
    ...call(request({ model: "claude-sonnet-4-6" }), text("Hi."), finish("stop"), usage({ inputTokens: 1_000_000, outputTokens: 0 })),
    model: { provider: "anthropic", asked: "claude-sonnet-4-6" },
  };
  const earlier = await explain(undated, { ...sources, at: new Date("2026-01-15") });
  expect(earlier.cost?.input).toBe(6);
  const listed = await explain(undated, sources);
  expect(listed.cost?.input).toBe(3);
  expect(listed.prompt?.segments[0]?.cost).toBe(((listed.prompt?.segments[0]?.tokens ?? 0) * 3) / 1e6);
});
