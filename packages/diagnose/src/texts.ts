import type { Call, Part, Role } from "@cutaway/core";

/** A string of an answer, with the path that evidence names it by. */
export interface AnswerText {
  answer: number;
  kind: "text" | "reasoning" | "refusal" | "arguments";
  path: string;
  text: string;
}

export function answerTexts(call: Call): AnswerText[] {
  return call.answers.flatMap((answer, i) => {
    const texts: AnswerText[] = [];
    if (answer.reasoning) texts.push({ answer: i, kind: "reasoning", path: `answers[${i}].reasoning`, text: answer.reasoning });
    if (answer.text) texts.push({ answer: i, kind: "text", path: `answers[${i}].text`, text: answer.text });
    if (answer.refusal) texts.push({ answer: i, kind: "refusal", path: `answers[${i}].refusal`, text: answer.refusal });
    for (const [k, tool] of answer.toolCalls.entries()) {
      if (tool.arguments) texts.push({ answer: i, kind: "arguments", path: `answers[${i}].toolCalls[${k}].arguments`, text: tool.arguments });
    }
    return texts;
  });
}

/** A string of the prompt; `at` is where its part stands. */
export interface PromptText {
  role: Role;
  type: Part["type"];
  at: string;
  text: string;
}

export function promptTexts(call: Call): PromptText[] {
  return (call.request?.messages ?? []).flatMap(({ role, parts }) =>
    parts.flatMap((part) => {
      const text = textOf(part);
      return text ? [{ role, type: part.type, at: part.at, text }] : [];
    }),
  );
}

export function textOf(part: Part): string | undefined {
  if (part.type === "media" || part.type === "other") return undefined;
  return part.type === "tool-call" ? part.arguments : part.text;
}
