import type { Answer, Call, Evidence, Span } from "@cutaway/core";
import type { Counted } from "./changes.ts";
import { inField, inText } from "./evidence.ts";
import { promptTexts } from "./texts.ts";
import { quote } from "./words.ts";

/** How an answer shows that its prompt was not read as a conversation. */
export interface AnswerSign {
  says: string;
  evidence: Evidence;
}

/**
 * A model that does not find the turns it was trained on ends at once, does not end, writes the next turn of somebody else, goes on with
 * headings of a prompt, or says the question again. The signs are the same whatever the prompt was: they are counted in both arms.
 */
export function answerSigns(call: Call): AnswerSign[] {
  const markers = call.local?.markers ?? [];
  const question =
    promptTexts(call)
      .findLast(({ role, type }) => role === "user" && type === "text")
      ?.text.trim() ?? "";
  return call.answers.flatMap((answer, i): AnswerSign[] => {
    const path = `answers[${i}].text`;
    const { text, finish } = answer;
    const signs: AnswerSign[] = [];
    const sign = (says: string, evidence: Evidence) => signs.push({ says, evidence });
    if (isEmpty(answer)) sign("ends before it says anything", inField(call, `answers[${i}].finish`, "ended without a word"));
    if (finish.reason === "output-cap" || finish.reason === "context-full")
      sign("does not end by itself", inField(call, `answers[${i}].finish`, "ended by the length limit, not by the model"));
    const turn = foreignTurn(text, markers);
    if (turn)
      sign(
        `writes ${quote(text.slice(turn.start, turn.end))} as if the prompt went on`,
        inText(call, path, turn, "the shape of a prompt, inside the answer"),
      );
    const echo = question.length >= 20 && text.trimStart().startsWith(question);
    if (echo) {
      const start = text.length - text.trimStart().length;
      sign("says the question again", inText(call, path, { start, end: start + question.length }, "the question"));
    }
    return signs;
  });
}

export const showsSigns: Counted = {
  counts: "the answer is empty, does not end by itself, writes another turn or heading of a prompt, or says the question again",
  symptom: (call) => answerSigns(call).length > 0,
};

const isEmpty = ({ text, toolCalls, reasoning, refusal, finish }: Answer) =>
  text.trim() === "" && toolCalls.length === 0 && !reasoning && !refusal && finish.reason === "stop";

/** Where the answer goes on with the prompt: a marker, the label of a role at the beginning of a line, or a heading of a prompt. */
function foreignTurn(text: string, markers: readonly string[]): Span | undefined {
  const found: Span[] = [];
  for (const marker of [...markers, ...knownMarkers]) {
    const start = marker === "" ? -1 : text.indexOf(marker);
    if (start >= 0) found.push({ start, end: start + marker.length });
  }
  const end = text.indexOf(endMarker);
  if (end >= 0 && !text.slice(0, end).includes("<s>")) found.push({ start: end, end: end + endMarker.length });
  for (const pattern of [roleLabel, heading]) {
    const match = pattern.exec(text);
    if (match) found.push({ start: match.index, end: match.index + match[0].length });
  }
  return found.sort((a, b) => a.start - b.start)[0];
}

const knownMarkers = [
  "<|im_start|>",
  "<|im_end|>",
  "<|endoftext|>",
  "[INST]",
  "[/INST]",
  "<<SYS>>",
  "<|eot_id|>",
  "<|start_header_id|>",
  "<start_of_turn>",
  "<end_of_turn>",
  "<|user|>",
  "<|assistant|>",
  "<|system|>",
];
/** The end token of Llama 2 and its kin, written out; behind an opening `<s>` it is HTML. */
const endMarker = "</s>";
const roleLabel = /^(?:user|human|assistant|USER|Human|ASSISTANT|Assistant|User):? *$|^(?:USER|Human|ASSISTANT|Assistant|User): /m;
/** As Alpaca and what followed it write prompts. */
const heading =
  /^### ?(?:Instruction|Input|Response|Output|Explanation|Question|Answer|Solution|Example|Context|Task|Human|Assistant|User|System)s?:/m;
