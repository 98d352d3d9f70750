import type { Answer } from "@cutaway/core";
import { findJson, scanJson } from "@cutaway/metrics";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { answerer } from "../ended-with.ts";
import { inField, inText, tailOf } from "../evidence.ts";
import { quote } from "../words.ts";

/** A stop sequence ended the answer: meant to (a note), or an everyday string that cut it in the middle. */
export const stopSequence = callRule({
  id: "cut.stop-sequence",
  title: "A stop sequence ended the answer",
  check: (call) => {
    const stops = (call.request?.parameters.stop ?? []).filter((stop) => stop !== "");
    return call.answers.flatMap((answer, i): Found[] => {
      const told = answer.finish.reason === "stop-sequence";
      if (!told && (answer.finish.reason !== "stop" || stops.length === 0)) return [];
      const middle = breaksOff(answer);
      const named = answer.finish.stopSequence ?? (stops.length === 1 ? stops[0] : undefined);
      const everyday = (named === undefined ? stops : [named]).find(isEveryday);
      if (!told && !(middle && everyday !== undefined)) return [];
      const bad = middle !== undefined || (answer.text.trim() === "" && answer.toolCalls.length === 0) || (everyday !== undefined && told);

      const stop = named ?? everyday;
      const evidence = [
        inField(call, `answers[${i}].finish`, told ? `${answerer(call)} says a stop sequence ended it` : `${answerer(call)} says only “stop”`),
      ];
      const listed = stop === undefined ? -1 : (call.request?.parameters.stop ?? []).indexOf(stop);
      if (listed >= 0) evidence.push(inField(call, `request.parameters.stop[${listed}]`, `${quote(stop ?? "")} is a stop sequence of the request`));
      if (answer.text)
        evidence.push(inText(call, `answers[${i}].text`, tailOf(answer.text), "the answer ends here; the stop sequence itself is not part of it"));

      const rest = stops.filter((other) => other !== stop);
      const where = answer.text ? `after character ${answer.text.length}` : "before it wrote anything";
      const which = stop === undefined ? "one of the stop sequences" : `the stop sequence ${quote(stop)}`;
      const why = everyday !== undefined ? `, a string that ordinary text contains` : "";
      return [
        {
          severity: bad ? "warning" : "note",
          certainty: told ? "certain" : "possible",
          says: `${told ? "The answer was ended" : "The answer may have been ended"} by ${which} ${where}${why}${middle ? `: ${middle}` : ""}.`,
          evidence,
          ...(bad &&
            listed >= 0 && {
              change: setParameters(
                rest.length > 0 ? `stop without ${quote(stop ?? "")}` : "send no stop sequence",
                { stop: rest.length > 0 ? rest : undefined },
                endsBy(stop ?? ""),
              ),
            }),
        },
      ];
    });
  },
});

/** Where the provider does not say which stop sequence it was, or whether it was one, what breaks off in the middle counts. */
const endsBy = (stop: string): Counted => ({
  counts: `the answer is ended by ${quote(stop)}, or breaks off in the middle of something`,
  symptom: (call) =>
    call.answers.some((answer) => {
      const { reason, stopSequence } = answer.finish;
      return reason === "stop-sequence" ? (stopSequence ?? stop) === stop : reason === "stop" && breaksOff(answer) !== undefined;
    }),
});

/** Strings that turn up in ordinary answers: white space, a sign or two, a list number. */
const isEveryday = (stop: string) => /^\s+$/.test(stop) || /^[\s.,;:!?()[\]{}"'`*#-]{1,2}$/.test(stop) || /^\s*\d{1,2}[.)]?\s*$/.test(stop);

/** In words, what shows that the text ends in the middle of something; undefined where nothing does. */
function breaksOff({ text }: Answer): string | undefined {
  if ((text.match(/```/g)?.length ?? 0) % 2 === 1) return "a code fence is left open";
  const json = findJson(text);
  if (json?.kind === "whole") {
    const scan = scanJson(text);
    if (!scan.ok && scan.unfinished) return "its JSON is left open";
  }
  if (/[,;:([{–—]\s*$/.test(text)) return "it ends in the middle of a sentence";
  const last = /\b(?:the|a|an|of|to|and|or|with|for|in|is|are|that|which)\s*$/i.exec(text);
  return last ? "it ends in the middle of a sentence" : undefined;
}
