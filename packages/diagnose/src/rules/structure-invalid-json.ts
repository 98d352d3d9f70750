import type { Answer, Call, Change, Part } from "@cutaway/core";
import { type FoundJson, findJson, type JsonBreak, scanJson } from "@cutaway/metrics";
import { howAskedForJson } from "../asked-for-json.ts";
import { callRule, type Found } from "../call-rule.ts";
import { editPart, setParameters } from "../changes.ts";
import { headOf, inField, inPrompt, inText } from "../evidence.ts";
import { brokenHere, cutReason } from "../json-break.ts";
import { quote } from "../words.ts";

/** An answer that was to be JSON, or plainly tries to be, and is not. */
export const invalidJson = callRule({
  id: "structure.invalid-json",
  title: "The answer is not valid JSON",
  check: (call) => {
    const asked = howAskedForJson(call);
    return call.answers.flatMap((answer, i): Found[] => {
      const { text } = answer;
      const path = `answers[${i}].text`;
      if (answer.refusal || answer.toolCalls.length > 0 || text.trim() === "" || finishesWithoutAnswer(answer)) return [];
      const json = findJson(text);
      if (!json && !asked) return [];
      const span = json?.span ?? { start: 0, end: text.length };
      const scan = scanJson(text.slice(span.start, span.end));
      const because = asked && [
        asked.by === "parameter" || !asked.span
          ? inField(call, asked.at, "JSON was asked for here")
          : inPrompt(call, asked.at, asked.span, "JSON was asked for here"),
      ];

      if (scan.ok) {
        if (!asked || json?.kind === "whole" || json === undefined) return [];
        return [wrapped(call, json, i, asked.by, because ?? [])];
      }
      if (!json && asked?.by === "words") return [prose(call, i, because ?? [])];
      const cut = cutReason(call, answer, scan);
      // A fence that ends by itself inside longer prose is an illustration, not the answer.
      const illustration = !asked && json?.kind === "fenced" && !(json.openFence && cut) && span.end - span.start < text.length * 0.8;
      const at = offset(text, scan, span.start);
      return [
        {
          severity: illustration ? "note" : asked ? "problem" : "warning",
          certainty: asked?.by === "parameter" ? "certain" : "likely",
          says: `The ${illustration ? "JSON example in the answer" : "answer"} is not valid JSON: at ${scan.path}, line ${at.line}, column ${at.column}, ${scan.says}${cut ? `; ${cut.says}` : ""}.`,
          evidence: [inText(call, path, brokenHere(text, at.at), scan.says), ...(cut ? [inField(call, cut.at, cut.says)] : []), ...(because ?? [])],
          ...(!cut && asked?.by === "words" && { change: askByParameter(call) }),
        },
      ];
    });
  },
});

const finishesWithoutAnswer = ({ finish }: Answer) => finish.reason === "refusal" || finish.reason === "content-filter";

/** Valid JSON, but not alone: a fence or prose around it makes `JSON.parse` of the whole answer fail. */
function wrapped(call: Call, json: FoundJson, answer: number, by: "parameter" | "words", because: Found["evidence"]): Found {
  const change = (by === "words" ? askByParameter(call) : undefined) ?? askForJsonAlone(call);
  return {
    severity: by === "parameter" ? "problem" : "warning",
    certainty: "certain",
    says: `The JSON itself is valid, but ${json.kind === "fenced" ? "a Markdown fence" : "other text"} around it makes the answer as a whole unreadable as JSON.`,
    evidence: [inText(call, `answers[${answer}].text`, json.span, "the JSON alone"), ...because],
    ...(change && { change }),
  };
}

function prose(call: Call, answer: number, because: Found["evidence"]): Found {
  const text = call.answers[answer]?.text ?? "";
  const change = askByParameter(call);
  return {
    severity: "warning",
    certainty: "possible",
    says: `The prompt seems to ask for JSON and the answer holds none: it begins ${quote(text.slice(0, 60))}.`,
    evidence: [inText(call, `answers[${answer}].text`, headOf(text), "prose"), ...because],
    ...(change && { change }),
  };
}

/** OpenAI's formats take a parameter that makes JSON a promise; Anthropic's takes schemas only, which cannot be guessed. */
function askByParameter(call: Call) {
  if (call.request?.format !== "openai-chat" && call.request?.format !== "openai-responses") return undefined;
  return setParameters("ask for JSON by response_format too, not by words alone", { responseFormat: { type: "json" } }, notJson);
}

/** Where no parameter helps: the last message says it. */
function askForJsonAlone(call: Call): Change | undefined {
  const last = call.request?.messages.findLast(({ role }) => role === "user")?.parts.findLast(({ type }) => type === "text");
  if (!last) return undefined;
  const longer = (part: Part): Part =>
    part.type === "text" ? { ...part, text: `${part.text}\n\nAnswer with the JSON alone: no Markdown fence, no other text.` } : part;
  return editPart("say in the last message that the JSON is to stand alone", last.at, longer, notJson);
}

const notJson = (call: Call) => call.answers.some(({ text }) => !scanJson(text).ok);

/** Line and column in the whole answer, where the scan began further down. */
function offset(text: string, scan: JsonBreak, start: number): { at: number; line: number; column: number } {
  const at = start + scan.at;
  const head = text.slice(0, at);
  const lineStart = head.lastIndexOf("\n") + 1;
  return { at, line: scan.line + (text.slice(0, start).match(/\n/g)?.length ?? 0), column: at - lineStart + 1 };
}
