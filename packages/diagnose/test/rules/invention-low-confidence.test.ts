import type { CallEvent } from "@cutaway/core";
import { expect, test } from "vitest";
import { call, check, finish, request, text } from "../calls.ts";

const utf8 = new TextEncoder();

/** An answer of tokens with their probabilities, and for each the strongest other candidate. */
function answered(...tokens: [text: string, probability: number, rival?: string][]) {
  const steps = tokens.map(([said, probability, rival]): CallEvent => {
    const top = [{ bytes: utf8.encode(said), logprob: Math.log(probability) }];
    if (rival) top.push({ bytes: utf8.encode(rival), logprob: Math.log(1 - probability) });
    return { type: "token-step", answer: 0, step: { bytes: utf8.encode(said), logprob: Math.log(probability), top } };
  });
  return call(request(), text(tokens.map(([said]) => said).join("")), ...steps, finish("stop"));
}

test("a number held for unlikely, with what was as likely", () => {
  const [finding] = check(
    "invention.low-confidence",
    answered(["It", 0.9], [" opened", 0.9], [" in", 0.9], [" ", 0.9], ["198", 0.2, "199"], ["7", 0.25, "4"], [".", 0.9]),
  );
  expect(finding).toMatchObject({ severity: "note", certainty: "possible" });
  expect(finding?.says).toContain("“1987” at 20 % (instead of “199” at 80 %)");
  expect(finding?.evidence).toMatchObject([{ kind: "steps", at: { start: 4, end: 6 } }]);
});

test("silent for function words, for choices of wording, and for the first word", () => {
  expect(check("invention.low-confidence", answered(["Sure", 0.1, "Yes"], [" the", 0.1, " a"], [" river", 0.2, " stream"], [" of", 0.1]))).toEqual(
    [],
  );
});

test("silent where the doubt was about punctuation or phrasing", () => {
  expect(check("invention.low-confidence", answered(["By", 0.9], [" Paris", 0.2, ","]))).toEqual([]);
});

test("silent without probabilities", () => {
  expect(check("invention.low-confidence", call(request(), text("In 1987."), finish("stop")))).toEqual([]);
});

test("a name taken although another was more than twice as likely", () => {
  const capital = (probability: number) => answered(["The", 0.9], [" capital", 0.9], [" is", 0.9], [" Sydney", probability, " Canberra"]);
  const [finding] = check("invention.low-confidence", capital(0.301));
  expect(finding?.says).toContain("“Sydney” at 30 % (instead of “Canberra” at 70 %)");
  expect(check("invention.low-confidence", capital(0.34))).toEqual([]);
});
