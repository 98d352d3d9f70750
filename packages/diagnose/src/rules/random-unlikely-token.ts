import { type Alternative, type Answer, type Call, decodeUtf8, type Span, type TokenStep } from "@cutaway/core";
import { refusalWording, scanJson } from "@cutaway/metrics";
import { isAskedForJson } from "../asked-for-json.ts";
import { callRule, type Found } from "../call-rule.ts";
import type { Counted } from "../changes.ts";
import { headOf, inField, inSteps, inText, within } from "../evidence.ts";
import { isSampled } from "../is-sampled.ts";
import { brokenHere } from "../json-break.ts";
import { brokenJson, jsonFault } from "../json-fault.ts";
import { setGreedy } from "../set-greedy.ts";
import { stepAt } from "../steps-in.ts";
import { count, percent, quote } from "../words.ts";

/** A fault that a draw decided: at the very token the model held another one for far likelier. */
export const unlikelyToken = callRule({
  id: "random.unlikely-token",
  title: "An unlikely token was drawn where the answer went wrong",
  needs: { logprobs: { depth: 1, prompt: false } },
  check: (call) => {
    if (isSampled(call) !== true) return [];
    return call.answers.flatMap((answer, i): Found[] => {
      const fault = faultOf(call, answer, i);
      const drawn = fault && (decidedAt(answer, fault) ?? decidedBefore(answer, fault));
      if (!fault || !drawn) return [];
      const { index, step, rival, isSurest } = drawn;
      const took = written(step.bytes);
      const [p, q] = [likelihood(step), likelihood(rival)];
      const rank = step.rank === undefined ? "" : `, rank ${count(step.rank + 1)}`;
      const change = setGreedy(call, fault.counted);
      const temperature = call.request?.parameters.temperature;
      return [
        {
          severity: fault.severity,
          certainty: isSurest ? "likely" : "possible",
          says: `${fault.says}, and chance decided it: ${isSurest ? "just there" : `${count(fault.step - index)} ${fault.step - index === 1 ? "token" : "tokens"} before,`} ${took} was drawn at ${percent(p)}${rank}, where ${written(rival.bytes)} stood at ${percent(q)}${temperature === undefined ? "" : ` (temperature ${temperature})`}.`,
          evidence: [
            inSteps(call, i, { start: index, end: index + 1 }, `${took} at ${percent(p)}${rank}; ${written(rival.bytes)} at ${percent(q)}`),
            inText(call, `answers[${i}].text`, fault.shown, fault.here),
            ...(temperature === undefined ? [] : [inField(call, "request.parameters.temperature", "above 0: tokens are drawn")]),
          ],
          ...(change && { change }),
        },
      ];
    });
  },
});

interface Fault {
  says: string;
  here: string;
  severity: Found["severity"];
  /** UTF-16 offset in the text, and the step that wrote it. */
  at: number;
  step: number;
  shown: Span;
  counted: Counted;
  /** Whether the answer could still be right with this text instead, up to here. */
  couldBe(text: string): boolean;
}

/** The first fault of the answer that stands at a token. */
function faultOf(call: Call, answer: Answer, i: number): Fault | undefined {
  const { text } = answer;
  const at = (fault: Omit<Fault, "step">): Fault | undefined => {
    const found = stepAt(answer, fault.at);
    return found && { ...fault, step: found.index };
  };
  const json = jsonFault(call, answer);
  if (json?.kind === "broken" && (!json.scan.unfinished || answer.finish.reason === "stop")) {
    const place = json.from + json.scan.at;
    return at({
      says: `The JSON of ${call.answers.length > 1 ? `answer ${i + 1}` : "the answer"} breaks at ${json.scan.path} (${json.scan.says})`,
      here: json.scan.says,
      severity: isAskedForJson(call) ? "problem" : "warning",
      at: place,
      shown: brokenHere(text, place),
      counted: brokenJson,
      couldBe: (other) => {
        const scan = scanJson(other.slice(json.from));
        return scan.ok || scan.unfinished || scan.at > json.scan.at;
      },
    });
  }
  if (json?.kind === "prose") {
    return at({
      says: "JSON was asked for and the answer holds none",
      here: "it begins as something else",
      severity: "problem",
      at: 0,
      shown: headOf(text),
      counted: brokenJson,
      couldBe: (other) => /^\s*(?:[{[]|```)/.test(other),
    });
  }
  const refusal = refusalWording(text);
  if (refusal && refusal.score >= 0.7 && answer.toolCalls.length === 0) {
    return at({
      says: `The answer is a refusal (${quote(refusal.phrase)})`,
      here: "the refusal begins here",
      severity: "problem",
      at: refusal.span.start,
      shown: refusal.span,
      counted: { counts: "the answer is worded as a refusal", symptom: refuses },
      couldBe: (other) => refusalWording(other) === undefined,
    });
  }
  const lost = text.indexOf("\ufffd");
  if (lost < 0) return undefined;
  return at({
    says: "The answer holds bytes that are no character (U+FFFD)",
    here: "lost here",
    severity: "problem",
    at: lost,
    shown: within(text, lost, lost + 1),
    counted: { counts: "the answer holds U+FFFD", symptom: (other) => other.answers.some((one) => one.text.includes("\ufffd")) },
    couldBe: (other) => !other.includes("\ufffd"),
  });
}

const refuses = (call: Call) => call.answers.some(({ text }) => (refusalWording(text)?.score ?? 0) >= 0.7);

interface Drawn {
  index: number;
  step: TokenStep;
  rival: Alternative;
  /** It is the token of the fault, and the likelier one would not have had it. */
  isSurest: boolean;
}

/** The token at the fault: at least three times as likely was one with which the answer could still be right. */
function decidedAt(answer: Answer, fault: Fault): Drawn | undefined {
  const step = answer.steps?.[fault.step];
  const place = stepAt(answer, fault.at);
  const rival = step && rivalOf(step);
  if (!step || !place || !rival || likelihood(rival) < Math.max(0.2, likelihood(step) * 3)) return undefined;
  const instead = answer.text.slice(0, place.span.start) + decodeUtf8(rival.bytes);
  return fault.couldBe(instead) ? { index: fault.step, step, rival, isSurest: true } : undefined;
}

/** Or one shortly before it that was very unlikely beside a very likely one: it need not be the reason. */
function decidedBefore(answer: Answer, fault: Fault): Drawn | undefined {
  let worst: Drawn | undefined;
  for (let index = Math.max(0, fault.step - 12); index < fault.step; index++) {
    const step = answer.steps?.[index];
    const rival = step && rivalOf(step);
    if (!step || !rival || likelihood(rival) < Math.max(0.5, likelihood(step) * 10)) continue;
    if (!worst || likelihood(step) < likelihood(worst.step)) worst = { index, step, rival, isSurest: false };
  }
  return worst;
}

/** What the sampler would have taken at temperature 0 instead. */
function rivalOf(step: TokenStep): Alternative | undefined {
  if (step.forced || step.logprob === undefined) return undefined;
  const [best] = (step.top ?? []).filter(({ removedBy }) => removedBy === undefined).sort((a, b) => likelihood(b) - likelihood(a));
  if (!best || (best.id !== undefined && best.id === step.id)) return undefined;
  return best.id === undefined && decodeUtf8(best.bytes) === decodeUtf8(step.bytes) ? undefined : best;
}

/** After the sampler where that is known: it is what the draw went by. */
const likelihood = ({ logprob, sampledLogprob }: { logprob?: number; sampledLogprob?: number }) =>
  Math.exp(sampledLogprob ?? logprob ?? Number.NEGATIVE_INFINITY);

const written = (bytes: Uint8Array) => (bytes.length === 0 ? "the end of the answer" : quote(decodeUtf8(bytes)));
