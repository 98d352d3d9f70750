import type { Call, Tokenizer } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { headOf, inPrompt, inText, tailOf } from "../evidence.ts";
import { quote } from "../words.ts";

/** Characters on either side of a joint that can influence how it is tokenized: longer than any ordinary token. */
const reach = 64;

/** Texts joined where the tokenizer would have put one token across the joint. */
export const boundary = callRule({
  id: "tokens.boundary",
  title: "A joint of two texts falls inside a token",
  check: (call, facts): Found[] => {
    const tokenizer = facts.tokenizer?.tokenizer;
    if (!tokenizer || !call.request) return [];
    const exact = facts.tokenizer?.exact === true;
    return [...prefillJoint(call, tokenizer, exact), ...partJoints(call, tokenizer)];
  },
});

/** A started answer that ends inside what would be one token with the answer's first characters. */
function prefillJoint(call: Call, tokenizer: Tokenizer, exact: boolean): Found[] {
  const message = call.request?.messages.at(-1);
  const part = message?.parts.at(-1);
  if (message?.role !== "assistant" || part?.type !== "text" || part.text === "") return [];
  return call.answers.flatMap((answer, i): Found[] => {
    if (answer.text === "" || /\s$/.test(part.text)) return [];
    const across = tokenAcross(tokenizer, part.text, answer.text);
    if (across === undefined) return [];
    return [
      {
        severity: "note",
        certainty: exact ? "likely" : "possible",
        says: `The started answer ends in the middle of what would be the one token ${quote(across)}: the model had to go on from a split it rarely saw in training.`,
        evidence: [
          inPrompt(call, part.at, tailOf(part.text, 12), "the started answer ends here"),
          inText(call, `answers[${i}].text`, headOf(answer.text, 12), "and goes on here"),
        ],
      },
    ];
  });
}

/** Parts of one message are joined without a separator: words at the joint grow together. */
function partJoints(call: Call, tokenizer: Tokenizer): Found[] {
  return (call.request?.messages ?? []).flatMap(({ parts }) =>
    parts.slice(1).flatMap((part, i): Found[] => {
      const before = parts[i];
      if (before?.type !== "text" || part.type !== "text") return [];
      if (!/[\p{L}\p{N}]$/u.test(before.text) || !/^[\p{L}\p{N}]/u.test(part.text)) return [];
      const across = tokenAcross(tokenizer, before.text, part.text);
      if (across === undefined) return [];
      return [
        {
          severity: "note",
          certainty: "possible",
          says: `Two parts of one message meet without a separator, inside what would be the one token ${quote(across)}: end the first with a line break.`,
          evidence: [
            inPrompt(call, before.at, tailOf(before.text, 12), "ends here"),
            inPrompt(call, part.at, headOf(part.text, 12), "and goes on here"),
          ],
        },
      ];
    }),
  );
}

/** The token that lies across the joint when both texts are encoded as one; undefined where the joint is a token boundary. */
function tokenAcross(tokenizer: Tokenizer, a: string, b: string): string | undefined {
  const head = a.slice(-reach);
  const text = head + b.slice(0, reach);
  const tokens = tokenizer.encodeWithSpans(text, { disallowedSpecial: "as-text" });
  const across = tokens.find(({ span }) => span.start < head.length && span.end > head.length);
  return across && text.slice(across.span.start, across.span.end);
}
