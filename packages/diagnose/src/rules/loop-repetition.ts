import type { Call, Change } from "@cutaway/core";
import { findLoop, type Loop } from "@cutaway/metrics";
import { isAskedForJson } from "../asked-for-json.ts";
import { callRule, type Found } from "../call-rule.ts";
import { setParameters } from "../changes.ts";
import { inField, inText } from "../evidence.ts";
import { answerTexts, promptTexts } from "../texts.ts";
import { count, quote } from "../words.ts";

/** The model says one thing over and over. */
export const repetition = callRule({
  id: "loop.repetition",
  title: "The output repeats itself in a loop",
  check: (call) => {
    const asked = askedToRepeat(call);
    return answerTexts(call).flatMap(({ text, path, answer: i, kind }): Found[] => {
      const loop = findLoop(text);
      if (!loop) return [];
      const finish = call.answers[i]?.finish.reason;
      const unstopped = loop.atEnd && (finish === "output-cap" || finish === "context-full" || finish === "cut" || finish === "cancelled");
      const unit = text.slice(loop.unit.start, loop.unit.end);
      const blank = unit.trim() === "";
      const change = changeFor(call, blank);
      const where =
        kind === "arguments" ? "The arguments of a tool call repeat" : kind === "reasoning" ? "The reasoning repeats" : "The answer repeats";
      return [
        {
          severity: asked ? "note" : unstopped || loop.kind === "exact" || loop.kind === "filler" ? "problem" : "warning",
          certainty: asked ? "possible" : unstopped ? "certain" : loop.kind === "exact" ? "likely" : "possible",
          says: `${where} ${blank ? "white space" : quote(unit)} ${count(Math.floor(loop.copies))} times${how[loop.kind]}, ${ends(loop, finish, unstopped)}${asked ? "; the prompt asks for repetition" : ""}.`,
          evidence: [
            inText(call, path, loop.unit, "said here first"),
            inText(call, path, loop.span, `${count(loop.span.end - loop.span.start)} characters of it`),
            ...(unstopped ? [inField(call, `answers[${i}].finish`, "not ended by the model")] : []),
          ],
          ...(change && !asked && { change }),
        },
      ];
    });
  },
});

const how: Record<Loop["kind"], string> = { exact: "", filler: "", numbered: " with only the number changed", interleaved: " among other sentences" };

function ends(loop: Loop, finish: string | undefined, unstopped: boolean): string {
  if (unstopped) return finish === "cut" || finish === "cancelled" ? "until the stream was closed" : "until the length limit ended it";
  return loop.atEnd ? "up to its end" : "and then goes on";
}

const loops = (call: Call) => answerTexts(call).some(({ text }) => findLoop(text) !== undefined);

/** `repeat … 50 times`, `over and over`, `copy the text`: then the loop is the answer. */
function askedToRepeat(call: Call): boolean {
  const last = promptTexts(call).findLast(({ role }) => role === "user");
  return (
    last !== undefined &&
    /\b(?:repeat|repeating|repetition|\d+ times|times in a row|over and over|verbatim|lyrics|chant|mantra)\b/i.test(last.text.slice(-4_000))
  );
}

/** One parameter that the wire format takes and that works against loops. */
function changeFor(call: Call, blank: boolean): Change | undefined {
  const parameters = call.request?.parameters;
  if (!parameters) return undefined;
  if (blank && isAskedForJson(call) && parameters.responseFormat?.type === "json") {
    return setParameters(
      "ask without JSON mode: without an instruction to write JSON it can emit white space for ever",
      { responseFormat: undefined },
      loops,
    );
  }
  if (parameters.reasoning === undefined && call.request?.format === "openai-chat" && (parameters.frequencyPenalty ?? 0) < 0.5) {
    return setParameters(
      "set frequency_penalty to 0.5, which makes each repetition less likely than the one before",
      { frequencyPenalty: 0.5 },
      loops,
    );
  }
  if (parameters.reasoning === undefined && parameters.temperature !== undefined && parameters.temperature < 0.5) {
    return setParameters(`raise temperature from ${parameters.temperature} to 0.7, so that the loop can be left`, { temperature: 0.7 }, loops);
  }
  return undefined;
}
