import type { Call, Finding } from "@cutaway/core";
import { findMojibake, repairMojibake } from "@cutaway/metrics";
import { callRule, type Found } from "../call-rule.ts";
import { editMessages } from "../changes.ts";
import { inPrompt, inText } from "../evidence.ts";
import { answerTexts, promptTexts } from "../texts.ts";
import { count, quote } from "../words.ts";

/** UTF-8 that was read as Windows-1252 or Latin-1 on its way, in the prompt or in the answer. */
export const mojibake = callRule({
  id: "tokens.mojibake",
  title: "Text in UTF-8 was read in another encoding",
  check: (call) => {
    const spoken = promptTexts(call).some(({ text }) => onPurpose.test(text)) || answerTexts(call).some(({ text }) => onPurpose.test(text));
    const severity: Finding["severity"] = spoken ? "note" : "warning";
    const inPrompts = promptTexts(call).flatMap(({ text, at }) => findMojibake(text, 20).map((one) => ({ ...one, at })));
    const inAnswers = answerTexts(call).flatMap(({ text, path }) => findMojibake(text, 20).map((one) => ({ ...one, path })));
    const found: Found[] = [];
    const [first] = inPrompts;
    const [answered] = inAnswers;
    if (first) {
      found.push({
        severity,
        certainty: certainty(inPrompts),
        says: `The prompt holds ${places(inPrompts.length)} of UTF-8 read as ${first.readAs}${twice(first.times)}: ${quote(first.garbled)} was ${quote(first.original)}${answered ? "" : "; send it as it was meant"}.`,
        evidence: inPrompts.slice(0, 8).map(({ at, span, original }) => inPrompt(call, at, span, `was ${quote(original)}`)),
        ...(answered && { change: asMeant }),
      });
    }
    if (answered) {
      found.push({
        severity: first || spoken ? severity : "problem",
        certainty: certainty(inAnswers),
        says: `The answer holds ${places(inAnswers.length)} of UTF-8 read as ${answered.readAs}${twice(answered.times)}: ${quote(answered.garbled)} was meant as ${quote(answered.original)}${first ? "; the prompt is garbled in the same way" : ", and the prompt is clean: look at who decodes the answer"}.`,
        evidence: inAnswers.slice(0, 8).map(({ path, span, original }) => inText(call, path, span, `meant as ${quote(original)}`)),
      });
    }
    return found;
  },
});

const onPurpose = /\bmojibake\b|\bwindows-?1252\b|\bcp-?1252\b|\blatin-?1\b|\biso-?8859\b|\b(?:character|text) encoding\b|\bgarbled\b/i;
/** Offered where the answer is garbled too: a clean answer has nothing to count. */
const asMeant = editMessages(
  "send the text as it was meant",
  (messages) =>
    messages.map((message) => ({
      ...message,
      parts: message.parts.map((part) => ("text" in part ? { ...part, text: repairMojibake(part.text) } : part)),
    })),
  { counts: "the answer holds UTF-8 that was read in another encoding", symptom: (call) => garbledAnswer(call) },
);
const garbledAnswer = (call: Call) => answerTexts(call).some(({ text }) => findMojibake(text, 1).length > 0);
const certainty = (found: { garbled: string }[]): Finding["certainty"] =>
  found.length >= 2 || (found[0]?.garbled.length ?? 0) >= 3 ? "certain" : "likely";
const places = (n: number) => (n === 1 ? "a place" : n >= 20 ? "20 or more places" : `${count(n)} places`);
const twice = (times: number) => (times > 1 ? `, ${times} times over` : "");
