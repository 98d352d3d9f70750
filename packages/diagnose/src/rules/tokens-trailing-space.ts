import type { Call, Part } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { editPart } from "../changes.ts";
import { inField, inPrompt } from "../evidence.ts";
import { textOf } from "../texts.ts";
import { quote, quoteEnd } from "../words.ts";

/** White space at the end of the text that the model goes on from: most words carry their leading space in their own token. */
export const trailingSpace = callRule({
  id: "tokens.trailing-space",
  title: "The prompt ends in white space",
  check: (call): Found[] => {
    const message = call.request?.messages.at(-1);
    const part = message?.parts.at(-1);
    const text = part && textOf(part);
    if (!message || !part || part.type !== "text" || !text) return [];
    const space = text.length - text.trimEnd().length;
    if (space === 0 || space === text.length) return [];
    const span = { start: text.length - space, end: text.length };
    const evidence = [inPrompt(call, part.at, span, `${quote(text.slice(span.start))} at the end`)];

    if (message.role === "assistant") {
      const refusal = refusedForSpace(call);
      if (refusal && call.error) evidence.push(inField(call, "error.message", call.error.message));
      return [
        {
          severity: refusal ? "problem" : "warning",
          certainty: refusal ? "certain" : "likely",
          says: refusal
            ? `The provider refused the call because the started answer ends in white space (${quoteEnd(text)}).`
            : `The started answer ends in white space (${quoteEnd(text)}): the model has to go on with a token that brings no space, which is rarely the likeliest one. Take the white space away.`,
          evidence,
          ...(refusal && {
            change: editPart("take the white space at the end away", part.at, trimmed, {
              counts: "the call is refused for white space at the end",
              symptom: refusedForSpace,
            }),
          }),
        },
      ];
    }
    // A chat template closes the message after it, so only a cue such as "Answer: " is worth a word.
    if (message.role !== "user" || !/(?:[:>=]|\b[QA]:) +$/.test(text)) return [];
    return [
      {
        severity: "note",
        certainty: "possible",
        says: `The last message ends in a cue with a space after it (${quoteEnd(text)}): in a completion-style prompt that makes the model's first token an unusual one. Take the space away.`,
        evidence,
      },
    ];
  },
});

const trimmed = (part: Part): Part => (part.type === "text" ? { ...part, text: part.text.trimEnd() } : part);
const refusedForSpace = (call: Call) => /trailing white ?space/i.test(call.error?.message ?? "");
