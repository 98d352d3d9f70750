import { type CallEvent, foldCall, type LocalOptions, type Parameters, type PromptToken, type Request } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findingsOf } from "../src/index.ts";
import { message, user } from "./calls.ts";
import { accepted, holds, known } from "./holds.ts";
import { chatPrompt, localCall, localEvents, localRequest, localSeed, marker, plainTokens, rawPrompt, refusedCall, step } from "./local-calls.ts";

const sentence = "The river flows down to the sea and then it rises again.";
const questions = [
  "Tell me about rivers.",
  "Return only valid JSON: a person.",
  "<s>[INST] Explain in two sentences why the sky is blue. [/INST]",
  "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
  `${"A report on rivers, its parts and its end. ".repeat(12)}\n\n${"A report on rivers, its parts and its end. ".repeat(12)}\n\nWho wrote it?`,
  "cafÃ© crÃ¨me",
];
const answers = [
  "",
  "Rivers begin as springs.",
  '{"name": <x>, "age"',
  'Here it is: {"name": "Ada"}',
  "I'm sorry, but I cannot help with that.",
  `${sentence} `.repeat(12),
  "User: And now?\nAssistant: No.",
  "lost \ufffd\ufffd here",
  "trÃ¨s bon",
];

const anyRequest = fc
  .record({
    question: fc.constantFrom(...questions),
    earlier: fc.boolean(),
    temperature: fc.constantFrom(undefined, 0, 0.7, 1.4),
    sampler: fc.record({
      topK: fc.constantFrom(undefined, 0, 40),
      topP: fc.constantFrom(undefined, 0.9),
      minP: fc.constantFrom(undefined, 0.05),
      seed: fc.constantFrom(undefined, 3),
    }),
    repetitionPenalty: fc.constantFrom(undefined, 1.1, 1.3),
    ordered: fc.boolean(),
    maxOutputTokens: fc.constantFrom(undefined, 5, 40),
    local: fc.record({
      raw: fc.constantFrom(undefined, true as const),
      bos: fc.constantFrom(undefined, "always" as const, "never" as const),
      contextSize: fc.constantFrom(undefined, 64, 512),
    }),
  })
  .map(({ question, earlier, temperature, sampler, repetitionPenalty, ordered, maxOutputTokens, local }): Request => {
    const drawn = temperature === 0 ? {} : sampler;
    const parameters = known({ temperature, ...drawn, repetitionPenalty, maxOutputTokens }) as Parameters;
    const stages: [string, unknown][] = [
      ["temperature", parameters.temperature],
      ["repetition_penalty", parameters.repetitionPenalty],
      ["top_k", parameters.topK],
      ["top_p", parameters.topP],
      ["min_p", parameters.minP],
    ];
    const order = stages.flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const isLegal = !(temperature === 0 && repetitionPenalty !== undefined);
    return localRequest({
      messages: earlier ? [user("Hello.", 0), message("assistant", "Hi.", "messages[1]"), user(question, 2)] : [user(question)],
      parameters,
      local: known({ ...local, ...(ordered && order.length > 0 && isLegal && { samplerOrder: order }) }) as LocalOptions,
    });
  });

const anyLocalEvents = fc
  .record({
    asked: anyRequest,
    answer: fc.constantFrom(...answers),
    finish: fc.constantFrom("stop" as const, "output-cap" as const, "context-full" as const),
    probability: fc.constantFrom(0.02, 0.5, 0.95),
    dropped: fc.constantFrom(undefined, "start" as const, "end" as const),
    addBos: fc.boolean(),
  })
  .map(({ asked, answer, finish, probability, dropped, addBos }) => {
    const said = asked.local?.raw ? rawPrompt(asked) : chatPrompt(asked);
    const all: PromptToken[] = asked.local?.bos === "always" ? [marker("<|im_start|>"), ...said] : said;
    const kept = Math.ceil(all.length / 2);
    const prompt = dropped === "start" ? all.slice(-kept) : dropped === "end" ? all.slice(0, kept) : all;
    const specials = { ...localCall().local?.specials, ends: [], addBos };
    const steps = plainTokens(answer, "user").map(({ bytes }) => step(new TextDecoder().decode(bytes), probability, { ",": 0.6 }));
    const run = { specials, ...(dropped && { dropped: { tokens: all.length - kept, of: all.length, at: dropped } }) };
    return localEvents({ asked, answer: steps, finish, prompt, run });
  });

const anyLocalCall = fc.oneof(
  { weight: 9, arbitrary: anyLocalEvents.map((events) => foldCall(events, localSeed)) },
  { weight: 1, arbitrary: fc.tuple(anyRequest, fc.integer({ min: 512, max: 9_000 })).map(([asked, size]) => refusedCall(asked, size)) },
);

test("every change of a local call is pure, changes one thing, is a request the runtime takes, and counts a symptom that the call has", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(anyLocalCall, (call) => {
      if (call.request) accepted(call.request);
      for (const finding of findingsOf(call, { contextWindow: call.local?.contextSize ?? 8_192 })) {
        if (finding.change) seen.set(finding.rule, (seen.get(finding.rule) ?? 0) + 1);
        holds(call, finding);
      }
    }),
    { numRuns: 600, seed: 20_251_122 },
  );
  // The calls are of many kinds: a rule that no longer fires here is not tested here.
  expect([...seen.keys()].sort()).toEqual([
    "context.prompt-too-large",
    "context.truncated",
    "context.unread-tail",
    "cost.duplicate-prompt",
    "cut.context-full",
    "cut.output-cap",
    "loop.repetition",
    "random.unlikely-token",
    "random.varies",
    "structure.invalid-json",
    "tokens.doubled-bos",
    "tokens.doubled-template",
    "tokens.missing-bos",
    "tokens.mojibake",
    "tokens.wrong-template",
  ]);
});

test("any beginning of a local call's events can be explained", () => {
  fc.assert(
    fc.property(anyLocalEvents, fc.nat(60), fc.boolean(), (events, length, isClosed) => {
      const closed: CallEvent[] = isClosed ? [{ type: "closed", by: "client" }] : [];
      const call = foldCall([...events.slice(0, length), ...closed], localSeed);
      for (const finding of findingsOf(call, {})) {
        expect(finding.evidence.length).toBeGreaterThan(0);
        if (finding.change) expect(typeof finding.change.symptom(call, [call])).toBe("boolean");
      }
    }),
    { numRuns: 400 },
  );
});

test("a healthy local call has no finding: greedy, sampled with a seed, in JSON, in several turns, sent raw to a model without a template", () => {
  const json = localRequest({ messages: [user("Return only valid JSON: a person.")] });
  const turns = localRequest({ messages: [user("Hello."), message("assistant", "Hi.", "messages[1]"), user("Tell me about rivers.", 2)] });
  const base = localRequest({ messages: [user("Once upon a time")], local: { raw: true } });
  const healthy = [
    localCall(),
    localCall({ asked: localRequest({ parameters: { temperature: 0.8, seed: 3 } }) }),
    localCall({ asked: json, answer: '{"name": "Ada"}' }),
    localCall({ asked: turns }),
    localCall({ asked: base, run: { template: { used: "none", modelHasOne: false }, markers: [] } }),
    localCall({ asked: localRequest({ local: { contextSize: 64, overflow: "truncate-end" } }) }),
  ];
  expect(healthy.flatMap((call) => findingsOf(call, {}))).toEqual([]);
});
