import { CutawayError, callFromJson, isJsonObject, type Tokenizer } from "@cutaway/core";
import { catalog } from "@cutaway/plan";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";
import { explain, explanationToJson } from "../src/index.ts";
import { call, finish, message, request, text, usage, user } from "./calls.ts";
import { chatPrompt, localCall, localRequest, step } from "./local-calls.ts";

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

test("a local call: the prompt's own tokens by segment, its context, its steps, and no price", async () => {
  const asked = localRequest({
    messages: [message("system", "Be brief.", "messages[0]"), user(" Tell me about rivers.\n", 1)],
    parameters: { temperature: 0.8, seed: 5 },
    local: { contextSize: 512 },
  });
  const drawn = localCall({ asked, answer: [step("Rivers", 0.5, { Water: 0.4 }), step(" flow.", 0.9)] });
  const explanation = await explain(drawn, { ...sources, contextWindow: 99 });
  expect(explanation.cost).toBeUndefined();
  expect(explanation.costUnknown).toBe("a local model has no price");
  expect(explanation.entry).toBeUndefined();
  const { prompt } = explanation;
  expect(prompt?.tokenizer).toEqual({ name: "tiny.gguf", exact: true });
  expect(prompt?.counted).toBe(drawn.prompt?.length);
  expect(prompt?.unattributed).toBe(0);
  expect(prompt?.segments.reduce((sum, { tokens = 0 }) => sum + tokens, 0)).toBe(drawn.prompt?.length);
  const said = prompt?.segments.filter(({ kind }) => kind !== "template");
  expect(said?.map(({ kind, at, text: of, tokens, cost }) => [kind, at, of, tokens, cost])).toEqual([
    ["system", "messages[0].content", "Be brief.", 2, undefined],
    ["user", "messages[1].content", " Tell me about rivers.\n", 5, undefined],
  ]);
  expect(new Set(prompt?.segments.map(({ at }) => at)).size).toBe(prompt?.segments.length);
  const [strip] = explanation.strips;
  expect(strip).toMatchObject({
    source: "local",
    tokens: [{ span: { start: 0, end: 6 } }, { span: { start: 6, end: 12 } }, { span: { start: 12, end: 12 } }],
  });
});

test("what was dropped of a local prompt is there with the tokens that were read of it", async () => {
  const asked = localRequest({ messages: [user("one two three four five"), message("assistant", "six", "messages[1]"), user("seven eight", 2)] });
  const all = chatPrompt(asked);
  const cut = localCall({ asked, prompt: all.slice(0, 5), run: { dropped: { tokens: all.length - 5, of: all.length, at: "end" } } });
  const { prompt } = await explain(cut, sources);
  expect(prompt?.segments.filter(({ kind }) => kind !== "template").map(({ label, at, tokens }) => [label, at, tokens])).toEqual([
    ["user, in part", "messages[0].content", 2],
    ["assistant, not read", "messages[1].content", 0],
    ["user, not read", "messages[2].content", 0],
  ]);
});

test("a local call as JSON: prompt tokens, the run, stages and a verification with its arms, unknown as null", async () => {
  const stages = [{ stage: "temperature", setting: 0.8, kept: 3, removedMass: 0, entropyBefore: 1, entropyAfter: 0.8, kl: 0.1 }];
  const asked = localRequest({ parameters: { temperature: 0.8 } });
  const drawn = localCall({ asked, answer: [step("Rivers", 0.5, { Water: 0.4 }, { stages })] });
  const explanation = await explain(drawn, sources);
  const [finding] = explanation.findings;
  if (!finding) throw new Error("no finding");
  const ids = [drawn.id];
  const verification = {
    verdict: "confirmed" as const,
    why: "3 of 3 against 0 of 3",
    unchanged: [3, 3] as [number, number],
    changed: [0, 3] as [number, number],
    calls: ids,
    arms: { unchanged: ids, changed: [] },
  };
  const json = JSON.parse(JSON.stringify(explanationToJson({ ...explanation, findings: [{ ...finding, verification }] })));
  expect(json.call.prompt[0]).toEqual({ id: 1, bytes: "<|im_start|>", segment: "template", special: true });
  expect(json.call.local.sampler).toEqual({ order: [], greedy: false, seed: 77 });
  expect(json.call.answers[0].steps[0].stages).toEqual(stages);
  expect(json.findings[0].verification).toMatchObject({ arms: { unchanged: ids, changed: [] }, unchanged: [3, 3], p: null, model: null, cost: null });
  expect(json.findings[0].change).toMatchObject({
    set: { temperature: 0 },
    setLocal: null,
    counts: "the answer differs from another answer to the same request",
  });
  expect(callFromJson(json.call)).toEqual(drawn);
});

test("a change of the local runtime's options is told in JSON, null for one that is taken out", async () => {
  const asked = localRequest({ messages: [user("<s>[INST] Hi there [/INST]")], local: { raw: true } });
  const { findings } = explanationToJson(await explain(localCall({ asked, answer: "" }), sources));
  const first = Array.isArray(findings) ? findings[0] : undefined;
  expect(isJsonObject(first) && first.change).toMatchObject({ set: null, setLocal: { raw: null } });
});
