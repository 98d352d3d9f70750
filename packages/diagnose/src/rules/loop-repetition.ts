import type { Answer, Call, Change, Span } from "@cutaway/core";
import { findLoop, type Loop } from "@cutaway/metrics";
import { isAskedForJson } from "../asked-for-json.ts";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { inField, inSteps, inText } from "../evidence.ts";
import { stepsIn } from "../steps-in.ts";
import { answerTexts, promptTexts } from "../texts.ts";
import { count, percent, quote } from "../words.ts";

/** The model says one thing over and over. */
export const repetition = callRule({
  id: "loop.repetition",
  title: "The output repeats itself in a loop",
  check: (call) => {
    const asked = askedToRepeat(call);
    return answerTexts(call).flatMap(({ text, path, answer: i, kind }): Found[] => {
      const found = findLoop(text);
      if (!found) return [];
      const loop = fromBoundary(text, found);
      const finish = call.answers[i]?.finish.reason;
      const unstopped = loop.atEnd && (finish === "output-cap" || finish === "context-full" || finish === "cut" || finish === "cancelled");
      const sure = kind === "text" && call.answers[i] ? certaintyOfLoop(call.answers[i], loop) : undefined;
      const unit = text.slice(loop.unit.start, loop.unit.end);
      const blank = unit.trim() === "";
      const change = changeFor(call, blank);
      const where =
        kind === "arguments" ? "The arguments of a tool call repeat" : kind === "reasoning" ? "The reasoning repeats" : "The answer repeats";
      return [
        {
          severity: asked ? "note" : unstopped || loop.kind === "exact" || loop.kind === "filler" ? "problem" : "warning",
          certainty: asked ? "possible" : unstopped ? "certain" : loop.kind === "exact" ? "likely" : "possible",
          says: `${where} ${blank ? "white space" : quote(unit.trim())} ${count(Math.floor(loop.copies))} times${how[loop.kind]}, ${ends(loop, finish, unstopped)}${asked ? "; the prompt asks for repetition" : ""}.${sure ? ` ${howSure(sure)}` : ""}`,
          evidence: [
            inText(call, path, loop.unit, "said here first"),
            inText(call, path, loop.span, `${count(loop.span.end - loop.span.start)} characters of it`),
            ...(sure ? [inSteps(call, i, sure.span, howSure(sure))] : []),
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

/** The same loop, its unit begun at a line, a sentence or a word: a period has no beginning of its own. */
function fromBoundary(text: string, loop: Loop): Loop {
  const { start, end } = loop.unit;
  const room = Math.min(end - start, Math.floor(loop.span.end - end));
  if (loop.kind !== "exact" || room <= 0) return loop;
  const around = text.slice(Math.max(0, start - 2), start + room);
  const lead = Math.min(2, start);
  for (const boundary of [/\n(?=\S)/g, /[.!?] (?=\S)/g, /\s(?=\S)/g]) {
    if (start === 0) return loop;
    for (const match of around.matchAll(boundary)) {
      const shift = match.index + match[0].length - lead;
      if (shift >= 0 && shift < room) return { ...loop, unit: { start: start + shift, end: end + shift } };
    }
  }
  return loop;
}

const loops: Counted = {
  counts: "the output repeats itself in a loop",
  symptom: (call) => answerTexts(call).some(({ text }) => findLoop(text) !== undefined),
};

const howSure = ({ probability, entropy }: { probability: number; entropy?: number }) =>
  `Inside it a token came at ${percent(probability)} on average${entropy === undefined ? "" : `, with ${entropy.toFixed(2)} nats of entropy`}.`;

/** How sure the model was of the tokens that repeat, where they were recorded: a loop feeds on itself. */
function certaintyOfLoop(answer: Answer, loop: Loop): { span: Span; probability: number; entropy?: number } | undefined {
  const span = stepsIn(answer, { start: Math.min(loop.unit.end, loop.span.end - 1), end: loop.span.end });
  const steps = span && answer.steps?.slice(span.start, span.end).filter(({ logprob, forced }) => logprob !== undefined && !forced);
  if (!span || !steps || steps.length === 0) return undefined;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const entropies = steps.flatMap(({ entropy }) => (entropy === undefined ? [] : [entropy]));
  return {
    span,
    probability: Math.exp(mean(steps.map(({ logprob = 0 }) => logprob))),
    ...(entropies.length === steps.length && { entropy: mean(entropies) }),
  };
}

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
  if (call.format === "local") return penalized(call);
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

/** The repetition penalty; where it is on already, chance. */
function penalized({ request }: Call): Change | undefined {
  const { repetitionPenalty = 1, temperature } = request?.parameters ?? {};
  const order = request?.local?.samplerOrder;
  if (repetitionPenalty < 1.2) {
    const change = setParameters(
      "set repetition_penalty to 1.2, which makes every token that was already written less likely",
      { repetitionPenalty: 1.2 },
      loops,
    );
    if (!order || order.includes("repetition_penalty")) return change;
    const samplerOrder = ["repetition_penalty", ...order];
    return {
      ...change,
      setLocal: { samplerOrder },
      apply: (old) => ({ ...change.apply(old), local: { ...old.local, samplerOrder } }),
    };
  }
  return temperature === 0 ? setParameters("raise temperature from 0 to 0.7, so that the loop can be left", { temperature: 0.7 }, loops) : undefined;
}
