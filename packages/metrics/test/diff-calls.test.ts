import { type Call, type CallEvent, type CallId, foldCall, type Request } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diffCalls, diffValues, firstDifference } from "../src/index.ts";

const request = (said: string[], parameters: Request["parameters"] = {}): Request => ({
  format: "openai-chat",
  model: "m",
  messages: said.map((text, i) => ({ role: "user", at: `messages[${i}]`, parts: [{ type: "text", text, at: `messages[${i}].content` }] })),
  tools: [],
  parameters,
  notUnderstood: ["extra"],
  body: { extra: { deep: said.length } },
});

const call = (asked: Request, ...events: CallEvent[]): Call =>
  foldCall([{ type: "call-start", model: { asked: "m" }, request: asked }, ...events, { type: "response-end" }, { type: "closed", by: "server" }], {
    id: "01K0000000000000000000DIFF" as CallId,
    origin: { kind: "file" },
  });

const text = (said: string): CallEvent => ({ type: "text-delta", answer: 0, text: said });
const step = (said: string, logprob: number, rival: string): CallEvent => {
  const bytes = new TextEncoder().encode(said);
  return {
    type: "token-step",
    answer: 0,
    step: {
      bytes,
      logprob,
      top: [
        { bytes, logprob },
        { bytes: new TextEncoder().encode(rival), logprob: -2 },
      ],
    },
  };
};
const finish = (reason: "stop" | "output-cap"): CallEvent => ({ type: "answer-finish", answer: 0, finish: { reason } });

test("equal calls are said to be equal, whatever their ids and times", () => {
  const a = call(request(["Hi"]), text("Hello"), finish("stop"));
  const b = { ...a, id: "01K000000000000000000OTHER" as CallId, instants: { issued: 5 } };
  expect(diffCalls(a, b)).toEqual({ equal: true, request: [], answers: [], outcome: [], usage: [] });
});

test("what was asked differently, by dotted paths", () => {
  const { request: differences } = diffCalls(call(request(["Hi"], { temperature: 0 })), call(request(["Ho"], { temperature: 1, topP: 0.5 })));
  expect(differences).toEqual([
    { path: "parameters.temperature", before: 0, after: 1 },
    { path: "parameters.topP", after: 0.5 },
    { path: "messages[0].parts[0].text", before: "Hi", after: "Ho", at: 1 },
  ]);
});

test("what only a local model was told is compared like the parameters", () => {
  const local = (options: Request["local"]) => call({ ...request(["Hi"]), format: "local", ...(options && { local: options }) });
  expect(diffCalls(local({ contextSize: 512, raw: true }), local({ contextSize: 768 })).request).toEqual([
    { path: "local.contextSize", before: 512, after: 768 },
    { path: "local.raw", before: true },
  ]);
});

test("one message put in at the front is one difference, and fields we do not understand are compared too", () => {
  const paths = diffCalls(call(request(["b", "c"])), call(request(["a", "b", "c"]))).request.map(({ path }) => path);
  expect(paths).toEqual(["messages[0]", "body.extra.deep"]);
});

test("the first token that differs, with both distributions", () => {
  const a = call(request(["Hi"]), text("The Nile"), step("The", -0.1, "A"), step(" Nile", -0.7, " Amazon"), finish("stop"));
  const b = call(request(["Hi"]), text("The Amazon"), step("The", -0.1, "A"), step(" Amazon", -0.6, " Nile"), finish("stop"));
  expect(diffCalls(a, b).answers).toEqual([
    {
      answer: 0,
      first: {
        kind: "token",
        index: 1,
        before: {
          text: " Nile",
          span: { start: 3, end: 8 },
          logprob: -0.7,
          top: [
            { text: " Nile", logprob: -0.7 },
            { text: " Amazon", logprob: -2 },
          ],
        },
        after: {
          text: " Amazon",
          span: { start: 3, end: 10 },
          logprob: -0.6,
          top: [
            { text: " Amazon", logprob: -0.6 },
            { text: " Nile", logprob: -2 },
          ],
        },
      },
    },
  ]);
});

test("without tokens the first character, with line and column", () => {
  const a = call(request(["Hi"]), text("One\nTwo"), finish("stop"));
  const b = call(request(["Hi"]), text("One\nTen"), finish("output-cap"));
  const diff = diffCalls(a, b);
  expect(diff.answers[0]?.first).toEqual({ kind: "character", field: "text", at: 5, line: 2, column: 2, before: "wo", after: "en" });
  expect(diff.outcome).toEqual([{ path: "finish[0].reason", before: "stop", after: "output-cap", at: 0 }]);
});

test("a tool call's field where the texts are equal, and an answer only one of them has", () => {
  const called = (json: string): CallEvent[] => [
    { type: "tool-call-start", answer: 0, call: 0, name: "f", id: json },
    { type: "tool-call-delta", answer: 0, call: 0, arguments: json },
  ];
  const diff = diffCalls(call(request(["Hi"]), ...called('{"a":1}')), call(request(["Hi"]), ...called('{"a":2}')));
  expect(diff.answers[0]?.first).toMatchObject({ kind: "field", path: "answers[0].toolCalls[0].arguments", at: 5 });
  expect(diffCalls(call(request(["Hi"]), text("x")), call(request(["Hi"]))).answers[0]?.first).toMatchObject({
    kind: "character",
    before: "x",
    after: "",
  });
});

test("usage by count", () => {
  const used = (outputTokens: number) => call(request(["Hi"]), { type: "usage", usage: { outputTokens, source: "provider" } });
  expect(diffCalls(used(1), used(2)).usage).toEqual([{ path: "outputTokens", before: 1, after: 2 }]);
});

test("any two values: no difference when equal, some when not", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [left, right] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))];
      expect(diffValues(left, structuredClone(left))).toEqual([]);
      const differ = diffValues(left, right).length > 0;
      const sorted = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(sorted)
          : value && typeof value === "object"
            ? Object.fromEntries(
                Object.entries(value)
                  .sort(([x], [y]) => (x < y ? -1 : 1))
                  .map(([key, item]) => [key, sorted(item)]),
              )
            : value;
      expect(differ).toBe(JSON.stringify(sorted(left)) !== JSON.stringify(sorted(right)));
    }),
  );
});

test("a difference never falls inside a surrogate pair", () => {
  expect(firstDifference("a👋", "a👍")).toBe(1);
  expect(firstDifference("same", "same")).toBeUndefined();
  expect(firstDifference("same", "same and more")).toBe(4);
});
