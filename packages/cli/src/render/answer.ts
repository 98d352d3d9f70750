import type { Answer, Call } from "@cutaway/core";
import { dim, type Line, line } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { elide, fitEnd, fitStart, widthOf } from "../terminal/width.ts";
import { finishWord } from "./call-names.ts";

/** Each answer in one or two lines: how it begins and how it ends. */
export function renderAnswers(call: Call, width: number): Line[] {
  return call.answers.slice(0, 4).flatMap((answer, index) => {
    const name = call.answers.length > 1 ? `${index}: ${finishWord(answer)}  ` : "";
    return [
      ...textLines(answer, name, width),
      ...answer.toolCalls
        .slice(0, 4)
        .map((toolCall) => line(dim("calls "), toolCall.name, dim(`(${elide(toolCall.arguments, width - 12 - widthOf(toolCall.name))})`))),
    ];
  });
}

function textLines({ text, refusal, reasoning }: Answer, name: string, width: number): Line[] {
  const shown = text === "" ? (refusal ?? "") : text;
  const lines: Line[] = [];
  if (reasoning) lines.push(line(dim(`${name}reasoning, ${count(reasoning.length)} characters, `), startAndEnd(reasoning, width - name.length - 40)));
  if (shown !== "") lines.push(line(dim(name), startAndEnd(shown, width - name.length)));
  return lines;
}

/** The text where it fits; else its start and its end, for the end is where answers break. */
function startAndEnd(text: string, columns: number): string {
  if (text.length <= columns && widthOf(text) <= columns) return text;
  const room = Math.max(20, columns - 3);
  const start = fitStart(text, Math.floor(room / 2));
  return `${start} … ${fitEnd(text, room - widthOf(start))}`;
}
