import { exampleAnswer } from "./few-shot.ts";
import { evidenceOf, type Lint, type LintInput, quote, tail } from "./lint.ts";

/**
 * Space at the end of what the model goes on from. Words carry the space before them in their own token, so the next token would have to be one without,
 * which the model has rarely seen after a space. In a closed message only a cue (`Answer: `) is worth a word.
 */
export function trailingSpace(input: LintInput): Lint[] {
  const { tokenizer, texts, ends, answer } = input;
  const index = texts.length - 1;
  const text = texts[index]?.text ?? "";
  let end = text.length;
  while (end > 0 && " \t\u00a0".includes(text.charAt(end - 1))) end--;
  const trimmed = text.slice(0, end);
  if (trimmed === text || trimmed === "" || /[\n\r]$/.test(trimmed)) return [];
  if (ends === "closed" && !/[:>=]$/.test(trimmed)) return [];
  const word = answer?.trimStart().slice(0, 64).match(/^\S+/)?.[0] ?? exampleAnswer(input) ?? "The";
  const near = tail(trimmed, 4);
  const as = evidenceOf(tokenizer, "as sent", near + text.slice(trimmed.length));
  const whole = evidenceOf(tokenizer, "going on", `${near} ${word}`);
  // Where no token begins with a space, or the answers are numbers, which do not, a space at the end takes nothing from the next one.
  if (!whole.tokens.some((token) => token === ` ${word}` || (/^ \S/.test(token) && ` ${word}`.startsWith(token)))) return [];
  const spaces = text.length - trimmed.length;
  return [
    {
      id: "trailing-space",
      severity: ends === "open" ? "warning" : "note",
      text: index,
      span: { start: trimmed.length, end: text.length },
      says: `The prompt ends in ${spaces === 1 ? "a space" : `${spaces} spaces`}, which ${spaces === 1 ? "is a token" : "are tokens"} of ${spaces === 1 ? "its" : "their"} own there: the next token can hardly begin with a space, and most words do (${quote(` ${word}`)}).`,
      fix: "Take the space away; the answer brings its own.",
      evidence: [as, whole],
    },
  ];
}
