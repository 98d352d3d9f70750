import type { Call, Evidence } from "@cutaway/core";
import { inField, inText, tailOf } from "./evidence.ts";
import { answerTexts } from "./texts.ts";

/** Where an answer that was cut breaks off: the end of what was written last, which is a tool call's arguments where it calls tools. */
export function breaksOff(call: Call, answer: number): Evidence[] {
  const calls = call.answers[answer]?.toolCalls ?? [];
  if (calls.at(-1)?.arguments === "")
    return [inField(call, `answers[${answer}].toolCalls[${calls.length - 1}].arguments`, "it breaks off before these")];
  const last = answerTexts(call).findLast((text) => text.answer === answer);
  return last ? [inText(call, last.path, tailOf(last.text), "it breaks off here")] : [];
}
