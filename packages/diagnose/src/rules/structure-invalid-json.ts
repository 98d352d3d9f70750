import { type Answer, type Call, type Change, decodeUtf8, type Part } from "@cutaway/core";
import type { FoundJson, JsonBreak } from "@cutaway/metrics";
import { howAskedForJson } from "../asked-for-json.ts";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, editPart, setLocal, setParameters } from "../changes.ts";
import { headOf, inField, inPrompt, inText } from "../evidence.ts";
import { brokenHere, cutReason } from "../json-break.ts";
import { brokenJson, jsonFault, notJson } from "../json-fault.ts";
import { setGreedy } from "../set-greedy.ts";
import { stepAt } from "../steps-in.ts";
import { quote } from "../words.ts";

/** An answer that was to be JSON, or plainly tries to be, and is not. */
export const invalidJson = callRule({
  id: "structure.invalid-json",
  title: "The answer is not valid JSON",
  check: (call) => {
    const asked = howAskedForJson(call);
    return call.answers.flatMap((answer, i): Found[] => {
      const { text } = answer;
      const fault = jsonFault(call, answer);
      if (!fault) return [];
      const because = !asked
        ? []
        : [
            asked.by === "parameter" || !asked.span
              ? inField(call, asked.at, "JSON was asked for here")
              : inPrompt(call, asked.at, asked.span, "JSON was asked for here"),
          ];
      if (fault.kind === "wrapped") return [wrapped(call, fault.json, i, asked?.by ?? "words", because)];
      if (fault.kind === "prose") return [prose(call, i, because)];
      const { scan, json, from, length } = fault;
      const cut = cutReason(call, answer, scan);
      // A fence that ends by itself inside longer prose is an illustration, not the answer.
      const illustration = !asked && json?.kind === "fenced" && !(json.openFence && cut) && length < text.length * 0.8;
      const at = offset(text, scan, from);
      const change = cut || illustration ? undefined : mending(call, asked?.by);
      return [
        {
          severity: illustration ? "note" : asked ? "problem" : "warning",
          certainty: asked?.by === "parameter" ? "certain" : "likely",
          says: `The ${illustration ? "JSON example in the answer" : "answer"} is not valid JSON: at ${scan.path}, line ${at.line}, column ${at.column}, ${scan.says}${cut ? `; ${cut.says}` : ""}.`,
          evidence: [
            inText(call, `answers[${i}].text`, brokenHere(text, at.at), scan.says),
            ...(cut ? [inField(call, cut.at, cut.says)] : []),
            ...because,
          ],
          ...(change && { change }),
        },
      ];
    });
  },
});

/** Valid JSON, but not alone: a fence or prose around it makes `JSON.parse` of the whole answer fail. */
function wrapped(call: Call, json: FoundJson, answer: number, by: "parameter" | "words", because: Found["evidence"]): Found {
  const opening = call.answers[answer]?.text.charAt(json.span.start) === "[" ? "[" : "{";
  const drawn = isHot(call) || wrapperWasDrawn(call.answers[answer], json) ? setGreedy(call, notJson) : undefined;
  const change = (by === "words" ? askByParameter(call, notJson) : undefined) ?? drawn ?? askForJsonAlone(call, opening);
  return {
    severity: by === "parameter" ? "problem" : "warning",
    certainty: "certain",
    says: `The JSON itself is valid, but ${json.kind === "fenced" ? "a Markdown fence" : "other text"} around it makes the answer as a whole unreadable as JSON.`,
    evidence: [inText(call, `answers[${answer}].text`, json.span, "the JSON alone"), ...because],
    ...(change && { change }),
  };
}

/** A local model whose unlikely tokens are drawn more often than it says: what it writes then tells little of what it would write. */
const isHot = ({ format, request }: Call) => format === "local" && (request?.parameters.temperature ?? 1) > 1;

/** The first token of the answer was drawn, and would have begun a JSON value if the likeliest had been taken. */
function proseWasDrawn(answer: Answer | undefined): boolean {
  const step = answer?.steps?.find(({ forced }) => !forced);
  const [likeliest] = step?.top ?? [];
  return (step?.rank ?? 0) > 0 && likeliest !== undefined && /^\s*[[{]/.test(decodeUtf8(likeliest.bytes));
}

/** Whether the fence or the prose began with a token that was not the likeliest: where the answer begins with it, else behind the JSON. */
function wrapperWasDrawn(answer: Answer | undefined, json: FoundJson): boolean {
  const first = answer && stepAt(answer, answer.text.slice(0, json.span.start).trim() === "" ? json.span.end : 0);
  return (first?.step.rank ?? 0) > 0;
}

function prose(call: Call, answer: number, because: Found["evidence"]): Found {
  const text = call.answers[answer]?.text ?? "";
  const drawn = isHot(call) || proseWasDrawn(call.answers[answer]) ? setGreedy(call, notJson) : undefined;
  const change = askByParameter(call, notJson) ?? drawn ?? (call.format === "local" ? askForJsonAlone(call, "{") : undefined);
  return {
    severity: "warning",
    certainty: "possible",
    says: `The prompt seems to ask for JSON and the answer holds none: it begins ${quote(text.slice(0, 60))}.`,
    evidence: [inText(call, `answers[${answer}].text`, headOf(text), "prose"), ...because],
    ...(change && { change }),
  };
}

/** What can mend JSON that breaks by itself: a promise of the provider, else the model's likeliest tokens instead of drawn ones. */
function mending(call: Call, askedBy: "parameter" | "words" | undefined): Change | undefined {
  return (askedBy === "words" ? askByParameter(call, notJson) : undefined) ?? setGreedy(call, brokenJson) ?? withoutPenalty(call);
}

/** OpenAI's formats take a parameter that makes JSON a promise; Anthropic's takes schemas only, which cannot be guessed. */
function askByParameter(call: Call, counted: Counted): Change | undefined {
  if (call.request?.format !== "openai-chat" && call.request?.format !== "openai-responses") return undefined;
  return setParameters("ask for JSON by response_format too, not by words alone", { responseFormat: { type: "json" } }, counted);
}

/** A repetition penalty makes every further quotation mark, comma and bracket less likely: JSON consists of them. */
function withoutPenalty(call: Call): Change | undefined {
  const { parameters, local } = call.request ?? {};
  if ((parameters?.repetitionPenalty ?? 1) <= 1 || (local?.samplerOrder ?? local?.repetitionWindow) !== undefined) return undefined;
  return setParameters(
    "take the repetition penalty away: it makes each further quotation mark, comma and bracket less likely, and JSON consists of them",
    { repetitionPenalty: undefined },
    brokenJson,
  );
}

/** Where no parameter helps: a local model is given the first character, any other is told in the last message. */
function askForJsonAlone(call: Call, opening: "{" | "["): Change | undefined {
  if (call.format === "local") {
    if (call.request?.local?.prefill !== undefined) return undefined;
    return setLocal(`begin the answer with “${opening}”, so that the model can only go on from there`, { prefill: opening }, notJson);
  }
  const last = call.request?.messages.findLast(({ role }) => role === "user")?.parts.findLast(({ type }) => type === "text");
  if (!last) return undefined;
  const longer = (part: Part): Part =>
    part.type === "text" ? { ...part, text: `${part.text}\n\nAnswer with the JSON alone: no Markdown fence, no other text.` } : part;
  return editPart("say in the last message that the JSON is to stand alone", last.at, longer, notJson);
}

/** Line and column in the whole answer, where the scan began further down. */
function offset(text: string, scan: JsonBreak, start: number): { at: number; line: number; column: number } {
  const at = start + scan.at;
  const head = text.slice(0, at);
  const lineStart = head.lastIndexOf("\n") + 1;
  return { at, line: scan.line + (text.slice(0, start).match(/\n/g)?.length ?? 0), column: at - lineStart + 1 };
}
