import type { Answer, Call, Span } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inPrompt, inSteps, inText } from "../evidence.ts";
import { answerTexts, promptTexts } from "../texts.ts";
import { count } from "../words.ts";

/** U+FFFD: bytes that were not UTF-8 when somebody decoded them. Where it stands tells who lost them. */
export const replacementCharacter = callRule({
  id: "tokens.replacement-character",
  title: "Characters were lost in decoding (U+FFFD)",
  check: (call) => {
    const found: Found[] = [];
    const prompts = promptTexts(call).flatMap(({ text, at }) => runsOf(text).map((span) => ({ at, span })));
    if (prompts.length > 0) {
      found.push({
        severity: "warning",
        certainty: "certain",
        says: `The prompt holds ${places(prompts.length)} with U+FFFD: characters were lost before the request was sent, when bytes in another encoding were read as UTF-8.`,
        evidence: prompts.slice(0, 8).map(({ at, span }) => inPrompt(call, at, span, "lost here")),
      });
    }
    for (const { text, path, answer: i, kind } of answerTexts(call)) {
      const runs = runsOf(text);
      if (runs.length === 0) continue;
      const answer = call.answers[i] as Answer;
      const intact = kind === "text" && answer.steps ? intactSteps(answer.steps) : undefined;
      const split = intact === undefined && runs.some(({ start, end }) => end - start >= 2);
      const copied = prompts.length > 0 && intact === undefined;
      const cutOff = runs.length === 1 && runs[0]?.end === text.length && answer.finish.reason !== "stop";
      found.push({
        severity: copied || cutOff ? "warning" : "problem",
        certainty: intact || copied ? "certain" : "likely",
        says: `The answer holds ${places(runs.length)} with U+FFFD: ${reason(intact !== undefined, copied, cutOff, split)}.`,
        evidence: [
          ...runs.slice(0, 8).map((span) => inText(call, path, span, "lost here")),
          ...(intact ? [inSteps(call, i, intact, "these tokens' bytes are whole UTF-8")] : []),
        ],
      });
    }
    return found;
  },
});

function reason(intact: boolean, copied: boolean, cutOff: boolean, split: boolean): string {
  if (intact) return "the tokens' bytes are valid together, so the stream was decoded piece by piece; decode with one streaming decoder";
  if (copied) return "the prompt has them too, and the model repeats what it was given";
  if (cutOff) return "the answer was cut between the bytes of one character";
  if (split) return "several in a row are one character whose bytes came in different chunks and were decoded apart";
  return "the model wrote bytes that are no character, or a chunk was decoded apart from the next";
}

const places = (n: number) => (n === 1 ? "a place" : `${count(n)} places`);

function runsOf(text: string): Span[] {
  if (!text.includes("\ufffd")) return [];
  return Array.from(text.matchAll(/\ufffd+/g), (match) => ({ start: match.index, end: match.index + match[0].length }));
}

/** The steps whose single bytes are broken and whose bytes together are valid UTF-8; undefined where they are not valid either. */
function intactSteps(steps: NonNullable<Call["answers"][number]["steps"]>): Span | undefined {
  const strict = new TextDecoder("utf-8", { fatal: true });
  const isWhole = (bytes: Uint8Array, stream: boolean) => {
    try {
      strict.decode(bytes, { stream });
      return true;
    } catch {
      return false;
    }
  };
  const broken: number[] = [];
  for (const [i, { bytes }] of steps.entries()) if (!isWhole(bytes, false)) broken.push(i);
  const first = broken[0];
  const last = broken[broken.length - 1];
  if (first === undefined || last === undefined) return undefined;
  for (const { bytes } of steps) if (!isWhole(bytes, true)) return undefined;
  return isWhole(new Uint8Array(), false) ? { start: first, end: last + 1 } : undefined;
}
