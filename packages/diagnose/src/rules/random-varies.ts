import type { Answer, Call } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import type { Counted } from "../changes.ts";
import { inField, inText, within } from "../evidence.ts";
import { isSampled } from "../is-sampled.ts";
import { sameRequest } from "../same-request.ts";
import { setGreedy } from "../set-greedy.ts";
import { count, percent, quote } from "../words.ts";

/** The same request gives another answer every time: seen in an earlier call, or foretold by the probability of this very answer. */
export const varies = callRule({
  id: "random.varies",
  title: "The same request gives different answers",
  check: (call, facts): Found[] => {
    const answered = call.request && !call.error && call.ending === "complete" && call.answers.length > 0;
    if (!answered) return [];
    const repeats = (facts.related ?? []).filter((other) => isRepeat(call, other));
    const other = repeats.findLast((one) => differs(call, one));
    if (other) return [seen(call, other, repeats)];
    return repeats.length === 0 ? foretold(call) : [];
  },
});

/** Answers of more than one call can only be compared within an arm; a call alone shows nothing. */
const answersDiffer: Counted = {
  counts: "the answer differs from another answer to the same request",
  symptom: (call, arm = []) => arm.some((other) => other.id !== call.id && !other.error && !call.error && differs(call, other)),
};

function seen(call: Call, other: Call, repeats: readonly Call[]): Found {
  const sampled = isSampled(call);
  const change = setGreedy(call, answersDiffer);
  const [mine, theirs] = [textOf(call), textOf(other)];
  const at = firstDifference(mine, theirs);
  const temperature = call.request?.parameters.temperature;
  const distinct = new Set([mine, ...repeats.map(textOf)]).size;
  const contradiction = contradicts(mine, theirs);
  const why = sampled
    ? `tokens are drawn${temperature === undefined ? ", as nothing was said of a temperature" : ` at temperature ${temperature}`}, and the draw decides`
    : `though nothing is drawn at ${call.request?.parameters.topK === 1 ? "top_k 1" : "temperature 0"}: the machine itself does not compute the same twice`;
  const own = call.answers[0]?.text ?? "";
  return {
    severity: contradiction ? "problem" : "warning",
    certainty: "certain",
    says: `The same request was sent ${count(repeats.length + 1)} times and got ${count(distinct)} different answers; this one parts from an earlier one ${at === 0 ? "at its beginning" : `after ${count(at)} characters`} (${quote(mine.slice(at, at + 40))} instead of ${quote(theirs.slice(at, at + 40))})${contradiction ? ", and they contradict each other" : ""}: ${why}.`,
    evidence: [
      ...(own !== "" && at < own.length
        ? [inText(call, "answers[0].text", within(own, at, at + 40), `from here on it differs from call ${other.id}`)]
        : []),
      inField(call, "request", `the same as in call ${other.id}`),
      ...(temperature === undefined ? [] : [inField(call, "request.parameters.temperature", "tokens are drawn by it")]),
    ],
    ...(change && { change }),
  };
}

/** One drawn call alone: how likely just this answer was. */
function foretold(call: Call): Found[] {
  const { seed } = call.request?.parameters ?? {};
  const steps = call.answers.length === 1 ? call.answers[0]?.steps?.filter(({ forced }) => !forced) : undefined;
  if (isSampled(call) !== true || seed !== undefined || !steps || steps.length === 0) return [];
  let logprob = 0;
  for (const step of steps) {
    if (step.sampledLogprob === undefined) return [];
    logprob += step.sampledLogprob;
  }
  if (logprob > Math.log(0.9)) return [];
  const drawn = call.local?.sampler.seed;
  const change = setGreedy(call, answersDiffer);
  return [
    {
      severity: "note",
      certainty: "likely",
      says: `Chance chose the tokens: just this answer had a probability of ${inWords(logprob)}, so a repeat ${logprob < Math.log(0.5) ? "will most likely" : "may"} differ${drawn === undefined ? "" : `; the seed ${drawn} gives it again`}.`,
      evidence: [
        {
          kind: "steps",
          call: call.id,
          path: "answers[0].steps",
          at: { start: 0, end: call.answers[0]?.steps?.length ?? 0 },
          says: `their probabilities multiply to ${inWords(logprob)}`,
        },
        ...(drawn === undefined ? [] : [inField(call, "local.sampler.seed", "drawn for this call")]),
      ],
      ...(change && { change }),
    },
  ];
}

const inWords = (logprob: number) => (logprob >= Math.log(0.001) ? percent(Math.exp(logprob)) : `1 in 10^${Math.round(-logprob / Math.LN10)}`);

const isRepeat = (call: Call, other: Call) =>
  other.id !== call.id && !other.error && other.ending === "complete" && other.answers.length > 0 && sameRequest(call, other);

const differs = (a: Call, b: Call) => textOf(a) !== textOf(b);

/** Everything that the first answer says. */
const textOf = ({ answers: [answer] }: Call): string => (answer ? saidIn(answer) : "");
const saidIn = ({ text, refusal = "", toolCalls }: Answer) =>
  [text, refusal, ...toolCalls.map((tool) => `${tool.name} ${tool.arguments}`)].filter((said) => said !== "").join("\n");

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** Two short answers that state different numbers, or yes and no: they cannot both be right. */
function contradicts(a: string, b: string): boolean {
  if (a.trim().length > short || b.trim().length > short) return false;
  const [x, y] = [numbersIn(a), numbersIn(b)];
  if (x !== "" && y !== "" && x !== y) return true;
  const [v, w] = [verdictOf(a), verdictOf(b)];
  return v !== undefined && w !== undefined && v !== w;
}

const short = 200;
const numbersIn = (text: string) => (text.match(/\d+(?:[.,]\d+)*/g) ?? []).sort().join(" ");

function verdictOf(text: string): boolean | undefined {
  const word = /^\W*(yes|no|true|false)\b/i.exec(text)?.[1]?.toLowerCase();
  return word === undefined ? undefined : word === "yes" || word === "true";
}
