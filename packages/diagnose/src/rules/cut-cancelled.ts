import { callRule, type Found } from "../call-rule.ts";
import { inField, inText, tailOf } from "../evidence.ts";
import { answerTexts } from "../texts.ts";

/** The caller closed the stream; the provider bills what it had written by then. */
export const cancelled = callRule({
  id: "cut.cancelled",
  title: "The caller closed the stream",
  check: (call): Found[] => {
    if (call.ending !== "cancelled") return [];
    const texts = answerTexts(call);
    const last = texts[texts.length - 1];
    const evidence = [inField(call, "ending", "the client closed the connection first")];
    if (last) evidence.push(inText(call, last.path, tailOf(last.text), "the last that arrived"));
    return [
      {
        severity: "warning",
        certainty: "certain",
        says: "The caller closed the stream before its end: look for a timeout or an abort on your side.",
        evidence,
      },
    ];
  },
});
