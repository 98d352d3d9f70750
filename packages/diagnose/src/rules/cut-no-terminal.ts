import { callRule, type Found } from "../call-rule.ts";
import { inField, inText, inTiming, tailOf } from "../evidence.ts";
import { answerTexts } from "../texts.ts";
import { clause, count, quote, seconds } from "../words.ts";

/** The stream stopped without the event that ends it: what is there may not be all. */
export const noTerminal = callRule({
  id: "cut.no-terminal",
  title: "The stream ended without its terminal event",
  check: (call): Found[] => {
    if (call.ending !== "cut" || (call.error && !call.error.inStream && call.answers.length === 0)) return [];
    const finished = call.answers.length > 0 && call.answers.every(({ finish }) => finish.raw !== undefined);
    const evidence = [inField(call, "ending", "the bytes stopped before the wire format's own end")];
    const texts = answerTexts(call);
    const last = texts[texts.length - 1];
    if (last) evidence.push(inText(call, last.path, tailOf(last.text), "the last that arrived"));
    const { closed, chunks } = call.instants;
    if (closed !== undefined) evidence.push(inTiming(call, "closed", `closed after ${seconds(closed)}`));
    if (chunks && chunks.length > 0) evidence.push(inTiming(call, { start: chunks.length - 1, end: chunks.length }, "the last chunk"));
    const length = texts.reduce((sum, { text }) => sum + text.length, 0);
    const nothing = length === 0 && !finished;
    const malformed = call.notices.find(({ code }) => code === "malformed-event");
    if (malformed) evidence.push(inField(call, "notices", malformed.says));
    const tooLong = call.notices.find(({ code }) => code === "event-too-long");
    if (tooLong) evidence.push(inField(call, "notices", tooLong.says));
    const raw = call.answers.find(({ finish }) => finish.raw !== undefined)?.finish.raw;
    return [
      {
        severity: finished ? "warning" : "problem",
        certainty: "certain",
        says:
          tooLong && !finished
            ? `The stream has no readable end after ${count(length)} characters, and one of its lines was too long to be read: ${clause(tooLong.says)}. It may have held the rest.`
            : nothing
              ? `Nothing of an answer had arrived when the bytes stopped${call.response?.status === undefined ? "" : `, though the status said ${call.response.status}`}.`
              : finished
                ? `The stream was cut after its finish reason ${quote(raw ?? "")} and before its end: the text is probably whole, usage and later events may be missing.`
                : malformed
                  ? `The stream has no readable end after ${count(length)} characters, and some of its events are not valid JSON: what recorded or passed it on broke them, perhaps the last.`
                  : `The stream was cut after ${count(length)} characters without a finish reason: the connection, a proxy or a timeout ended it, not the model.`,
        evidence,
      },
    ];
  },
});
