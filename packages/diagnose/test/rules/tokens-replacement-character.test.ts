import { expect, test } from "vitest";
import { call, check, finish, request, text, user } from "../calls.ts";

const lost = "\ufffd";

test("in the prompt: lost before it was sent", () => {
  const [finding] = check("tokens.replacement-character", call(request({ messages: [user(`caf${lost}`)] }), text("Yes."), finish("stop")));
  expect(finding).toMatchObject({ severity: "warning", certainty: "certain" });
  expect(finding?.says).toContain("before the request was sent");
});

test("in both: the answer repeats what it was given", () => {
  const [, answer] = check("tokens.replacement-character", call(request({ messages: [user(`caf${lost}`)] }), text(`caf${lost}`), finish("stop")));
  expect(answer).toMatchObject({ severity: "warning" });
  expect(answer?.says).toContain("the prompt has them too");
});

test("several in a row: one character decoded in pieces", () => {
  expect(check("tokens.replacement-character", call(request(), text(`Hi ${lost.repeat(4)}!`), finish("stop")))[0]?.says).toContain("decoded apart");
});

test("tokens whose bytes are whole together prove that the stream was decoded piece by piece", () => {
  const emoji = new TextEncoder().encode("👋");
  const steps = [emoji.slice(0, 2), emoji.slice(2)].map((bytes) => ({ type: "token-step" as const, answer: 0, step: { bytes } }));
  const [finding] = check("tokens.replacement-character", call(request(), text(lost.repeat(2)), ...steps, finish("stop")));
  expect(finding).toMatchObject({ certainty: "certain" });
  expect(finding?.evidence.at(-1)).toMatchObject({ kind: "steps", at: { start: 0, end: 2 } });
});

test("one at the end of an answer that was cut is half a character", () => {
  expect(check("tokens.replacement-character", call(request(), text(`Hi ${lost}`), finish("output-cap")))[0]?.says).toContain(
    "cut between the bytes",
  );
});

test("silent for whole text", () => {
  expect(check("tokens.replacement-character", call(request(), text("Hi 👋"), finish("stop")))).toEqual([]);
});
