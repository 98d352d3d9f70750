import { decodeUtf8, type LocalOptions, type Parameters } from "@cutaway/core";
import { distortionOf } from "@cutaway/metrics";
import { describe, expect, test } from "vitest";
import { byteTokenizer } from "./byte-tokenizer.ts";
import { answerTo, ask, endId, scripted } from "./scripted.ts";

const greedy: Parameters = { temperature: 0 };
const held = (constraint: LocalOptions["constraint"], more: LocalOptions = {}): LocalOptions => ({
  raw: true,
  ...(constraint && { constraint }),
  ...more,
});

/** Wants to write `text`, whatever it has written so far, and sees a little of everything else. */
const wanting = (text: string, prompt = "?") => {
  const bytes = new TextEncoder().encode(text);
  return (ids: readonly number[]) => {
    const wanted = bytes[ids.length - prompt.length] ?? endId;
    return new Map(Array.from({ length: 258 }, (_, id) => [id, id === wanted ? 6 : -id / 1000]));
  };
};

describe("an answer held to a pattern", () => {
  test("is a whole text of it, whatever the model wants; its end comes only where it may", async () => {
    const call = await answerTo(scripted(wanting("no way")), ask("?", greedy, held({ regex: "yes|no" })));
    const [answer] = call.answers;
    expect(answer).toMatchObject({
      text: "no",
      finish: { reason: "stop", raw: "<end>" },
      held: { complete: true, steps: 3, forced: 2, unasked: 0, canonical: true },
    });
    expect(call.local?.constraint).toMatchObject({ kind: "regex", checkedAfter: [], notices: [] });
    expect(call.local?.sampler.order).toEqual(["grammar", "temperature"]);
  });

  test("every step has the mask as a stage, and why its likeliest masked tokens cannot stand there", async () => {
    const call = await answerTo(scripted(wanting("hello")), ask("?", greedy, held({ regex: "[ab]{2}" })));
    const [first] = call.answers[0]?.steps ?? [];
    const [stage] = first?.stages ?? [];
    expect(stage).toMatchObject({ stage: "grammar", kept: 2 });
    expect(stage?.kl).toBeCloseTo(-Math.log(1 - (stage?.removedMass ?? 0)), 10);
    const wanted = first?.top?.[0];
    expect(decodeUtf8(wanted?.bytes ?? new Uint8Array())).toBe("h");
    expect(wanted).toMatchObject({ removedBy: "grammar", because: { at: 0, expected: "“a”, “b”", nearest: "a" } });
    expect(first?.forced).toBeUndefined();
  });

  test("the masses kept multiply to what is recorded of the answer", async () => {
    const call = await answerTo(scripted(wanting("xx")), ask("?", { seed: 3 }, held({ regex: "[ab]{3}" })));
    const [answer] = call.answers;
    const distortion = distortionOf(answer?.steps ?? []);
    expect(answer?.held?.logMass).toBeCloseTo(distortion?.logMass ?? 0, 10);
    expect(answer?.held?.logMass).toBeLessThan(-10);
    expect(distortion?.overruled).toBe(3);
  });

  test("cut at its cap, it is not whole", async () => {
    const call = await answerTo(scripted(wanting("aaaa")), ask("?", { ...greedy, maxOutputTokens: 2 }, held({ regex: "a{4}" })));
    expect(call.answers[0]).toMatchObject({ text: "aa", finish: { reason: "output-cap" }, held: { complete: false } });
  });

  test("cut by a stop sequence, it is not whole either", async () => {
    const call = await answerTo(scripted(wanting("ab")), ask("?", { ...greedy, stop: ["b"] }, held({ regex: "abc" })));
    expect(call.answers[0]).toMatchObject({ text: "a", finish: { reason: "stop-sequence" }, held: { complete: false } });
  });

  test("each of several answers begins anew", async () => {
    const call = await answerTo(scripted(wanting("ab")), ask("?", { seed: 1, n: 3 }, held({ regex: "[ab]{4}" })));
    expect(call.answers.map(({ text, held }) => [text.length, held?.complete])).toEqual([
      [4, true],
      [4, true],
      [4, true],
    ]);
  });

  test("the prefill is its beginning", async () => {
    const call = await answerTo(scripted(wanting("zzz", "?ye")), ask("?", greedy, held({ regex: "yes|no" }, { prefill: "ye" })));
    expect(call.answers[0]).toMatchObject({ text: "yes", held: { complete: true } });
    const refused = answerTo(scripted(wanting("zzz")), ask("?", greedy, held({ regex: "yes|no" }, { prefill: "yo" })));
    await expect(refused).rejects.toMatchObject({
      code: "prefill-not-allowed",
      message: expect.stringContaining("after 1 bytes of it “e” has to come"),
    });
  });

  test("a model without end tokens ends where nothing can follow", async () => {
    const model = scripted(wanting("ab"), { info: { specials: { ends: [], addBos: false } } });
    const call = await answerTo(model, ask("?", greedy, held({ regex: "ab" })));
    expect(call.answers[0]).toMatchObject({ text: "ab", finish: { reason: "stop", raw: "constraint" }, held: { complete: true } });
  });

  test("tokens that are not the tokenizer's own are told", async () => {
    // Token 258 is "ab", and this tokenizer writes every text in single bytes.
    const tokenizer = byteTokenizer(["<bos>", "<end>"], ["ab"]);
    const model = scripted((ids) => (ids.length === 1 ? 258 : endId), { tokenizer });
    const call = await answerTo(model, ask("?", greedy, held({ regex: "ab" })));
    expect(call.answers[0]).toMatchObject({ text: "ab", held: { complete: true, canonical: false } });
  });

  test("where the vocabulary cannot write what has to come, the call ends in an error that says so", async () => {
    const tokenizer = { ...byteTokenizer(), kindOf: (id: number) => (id === 98 ? ("unused" as const) : byteTokenizer().kindOf(id)) };
    const call = await answerTo(scripted(wanting("ab"), { tokenizer }), ask("?", greedy, held({ regex: "ab" })));
    expect(call.error).toMatchObject({ code: "no-token-fits" });
    expect(call.answers[0]).toMatchObject({ text: "a", finish: { reason: "error" } });
  });

  test("text is free before a mark, and held from there on", async () => {
    const call = await answerTo(scripted(wanting("hm!</t>x7")), ask("?", greedy, held({ regex: "\\d", after: "</t>" })));
    expect(call.answers[0]).toMatchObject({ text: expect.stringMatching(/^hm!<\/t>\d$/), held: { complete: true } });
  });
});

describe("an answer held to a schema", () => {
  const schema = {
    type: "object",
    properties: { tags: { type: "array", items: { enum: ["a", "b"] }, uniqueItems: true, minItems: 2, maxItems: 2 } },
    required: ["tags"],
  };
  const format = (parameters: Parameters = {}): Parameters => ({ ...greedy, responseFormat: { type: "json-schema", schema }, ...parameters });

  test("is JSON of it, and of any kind where only JSON is asked for", async () => {
    const open = { type: "object", properties: { a: { type: "boolean" } }, required: ["a"], additionalProperties: false };
    const call = await answerTo(
      scripted(wanting("no!")),
      ask("?", format({ responseFormat: { type: "json-schema", schema: open } }), held({ whitespace: "none" })),
    );
    expect(JSON.parse(call.answers[0]?.text ?? "")).toEqual({ a: expect.any(Boolean) });
    const any = await answerTo(scripted(wanting('{"x":1}')), ask("?", { ...greedy, responseFormat: { type: "json" } }));
    expect(any.answers[0]).toMatchObject({ text: '{"x":1}', held: { complete: true } });
    expect(any.local?.constraint?.kind).toBe("json");
  });

  test("masked tokens are told with the place of the schema that asks for something else", async () => {
    const call = await answerTo(scripted(wanting('{"x')), ask("?", format(), held({ checkAfter: true, whitespace: "none" })));
    const wanted = call.answers[0]?.steps?.[2]?.top?.[0];
    expect(wanted).toMatchObject({
      removedBy: "grammar",
      because: { expected: "“t”", places: expect.arrayContaining([{ pointer: "/properties/tags" }]) },
    });
  });

  test("what no mask can hold is refused before anything runs, and checked afterwards where that is asked for", async () => {
    const refused = answerTo(
      scripted(wanting("x")),
      ask("?", format({ responseFormat: { type: "json-schema", schema: { type: "array", uniqueItems: true, items: { type: "string" } } } })),
    );
    await expect(refused).rejects.toMatchObject({ code: "schema-unsupported", kind: "usage", data: { keyword: "uniqueItems", pointer: "" } });
    const array = { type: "array", items: { type: "string" }, uniqueItems: true };
    const call = await answerTo(
      scripted(wanting('["a","a"]')),
      ask("?", format({ responseFormat: { type: "json-schema", schema: array } }), held({ checkAfter: true })),
    );
    expect(call.local?.constraint?.checkedAfter).toEqual([{ pointer: "", keyword: "uniqueItems", says: expect.any(String) }]);
    expect(call.answers[0]?.held?.broken).toEqual([{ at: expect.any(String), pointer: "", keyword: "uniqueItems", says: expect.any(String) }]);
    const good = await answerTo(
      scripted(wanting('["a","b"]')),
      ask("?", format({ responseFormat: { type: "json-schema", schema: array } }), held({ checkAfter: true })),
    );
    expect(good.answers[0]?.held?.broken).toEqual([]);
  });

  test("a grammar may ask for special tokens of the model", async () => {
    const tokenizer = byteTokenizer(["<bos>", "<end>", "<call>"]);
    const model = scripted(
      () =>
        new Map([
          [97, 1],
          [258, 0],
          [endId, 2],
        ]),
      { tokenizer },
    );
    const call = await answerTo(model, ask("?", greedy, held({ grammar: { syntax: "gbnf", text: "root ::= <call> [a-z]" } })));
    expect(call.answers[0]?.steps?.map(({ id }) => id)).toEqual([258, 97, endId]);
  });
});

describe("fast forward", () => {
  const forwarded = (constraint: LocalOptions["constraint"], parameters: Parameters = greedy) => {
    const model = scripted(wanting("zzz"));
    const { feed } = model.stepper;
    const fed: number[] = [];
    model.stepper.feed = (ids) => {
      fed.push(ids.length);
      return feed(ids);
    };
    return answerTo(model, ask("?", parameters, held({ ...constraint, fastForward: true }))).then((call) => ({ call, fed }));
  };

  test("what is forced is written at once, and the mass kept is then not known", async () => {
    const { call, fed } = await forwarded({ regex: "Dear (Ann|Bob), yours" });
    const [answer] = call.answers;
    expect(answer).toMatchObject({ text: "Dear Ann, yours", held: { complete: true, steps: 2, forced: 1, unasked: 14 } });
    expect(answer?.held).not.toHaveProperty("logMass");
    // The prompt, "Dear ", A, "nn, yours".
    expect(fed).toEqual([1, 5, 1, 9]);
    expect(answer?.steps?.filter(({ forced, top }) => forced === "grammar" && !top)).toHaveLength(14);
  });

  test("ends at the cap and before a stop sequence in the middle of what is forced", async () => {
    const capped = await forwarded({ regex: "abcdef" }, { ...greedy, maxOutputTokens: 3 });
    expect(capped.call.answers[0]).toMatchObject({ text: "abc", finish: { reason: "output-cap" }, held: { complete: false } });
    const stopped = await forwarded({ regex: "abcdef" }, { ...greedy, stop: ["d"] });
    expect(stopped.call.answers[0]).toMatchObject({ text: "abc", finish: { reason: "stop-sequence" }, held: { complete: false } });
  });
});

describe("refused before anything is generated", () => {
  const refusal = async (constraint: LocalOptions["constraint"], parameters: Parameters = {}) =>
    answerTo(scripted(wanting("a")), ask("?", { ...greedy, ...parameters }, held(constraint))).then(
      () => undefined,
      (error) => [error.code, error.message],
    );

  test.each([
    [{ regex: "a" }, { responseFormat: { type: "json" } }, "option-without-effect", "responseFormat and regex"],
    [{ regex: "a", choice: ["b"] }, {}, "option-without-effect", "regex and choice"],
    [{ whitespace: "none" }, {}, "option-without-effect", "held to no language"],
    [{ regex: "a", whitespace: "none" }, {}, "option-without-effect", "whitespace"],
    [{ regex: "a", checkAfter: true }, {}, "option-without-effect", "checkAfter"],
    [{ choice: [] }, {}, "invalid-parameter", "local.constraint.choice"],
    [{ grammar: { syntax: "bnf", text: "" } as never }, {}, "invalid-parameter", "local.constraint.grammar"],
    [{ regexp: "a" } as never, {}, "invalid-parameter", "local.constraint.regexp"],
    [undefined, { responseFormat: { type: "json-schema" } }, "invalid-parameter", "takes a schema"],
    [{ regex: "(" }, {}, "regex-invalid", ""],
    [{ regex: "(a)\\1" }, {}, "regex-unsupported", ""],
  ] as [LocalOptions["constraint"], Parameters, string, string][])("%j %j", async (constraint, parameters, code, says) => {
    const [found, message] = (await refusal(constraint, parameters)) ?? [];
    expect(found).toBe(code);
    expect(message).toContain(says);
  });
});
