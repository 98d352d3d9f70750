import type { Span } from "@cutaway/core";
import { evidenceOf, type Lint, type LintInput, quote } from "./lint.ts";

interface Cue {
  text: number;
  /** `Answer:` */
  name: string;
  /** White space between the cue and what answers it; with a line break where that stands on the next line. */
  separator: string;
  span: Span;
  /** First word of the answer; "" where there is none. */
  word: string;
}

/** Examples whose answers follow their cue in different ways: `A: yes`, `A:no`. The first token of the answer is another one each time. */
export function fewShotSeparator(input: LintInput): Lint[] {
  return [...Map.groupBy(cuesOf(input), ({ name }) => name).values()].flatMap((cues) => {
    const answered = cues.filter(({ word, separator }) => word !== "" && !separator.includes("\n"));
    const usual = commonest(answered.map(({ separator }) => separator));
    if (answered.length < 3 || usual === undefined) return [];
    const others = answered.filter(({ separator }) => separator !== usual);
    if (others.length === 0 || others.length * 2 >= answered.length) return [];
    return others.slice(0, 8).map(
      (cue): Lint => ({
        id: "few-shot-separator",
        severity: "warning",
        text: cue.text,
        span: cue.span,
        says: `After ${quote(cue.name)} stands ${named(cue.separator)} here and ${named(usual)} in the other ${answered.length - others.length} examples: the answer begins with another token.`,
        fix: `Write ${quote(cue.name + usual + cue.word)}.`,
        evidence: [
          evidenceOf(input.tokenizer, "here", cue.name + cue.separator + cue.word),
          evidenceOf(input.tokenizer, "elsewhere", cue.name + usual + cue.word),
        ],
      }),
    );
  });
}

/** The prompt's own cue ends otherwise than those of its examples: `A:` with a line break, where theirs are answered on the same line. */
export function fewShotEnding(input: LintInput): Lint[] {
  if (input.ends !== "open") return [];
  const cues = cuesOf(input);
  const last = cues.at(-1);
  const text = input.texts.at(-1)?.text ?? "";
  if (last?.word !== "" || last.text !== input.texts.length - 1 || !last.separator.includes("\n")) return [];
  const before = cues.filter((cue) => cue !== last && cue.name === last.name && cue.word !== "");
  const usual = commonest(before.map(({ separator }) => separator));
  if (before.length < 2 || usual === undefined || usual.includes("\n")) return [];
  const word = before.at(-1)?.word ?? "";
  return [
    {
      id: "few-shot-ending",
      severity: "warning",
      text: last.text,
      span: { start: last.span.start, end: text.length },
      says: `The prompt ends in ${quote(last.name)} and a line break, where the ${before.length} examples before it are answered on the same line: their answers begin with ${quote(usual + word)}, this one cannot.`,
      fix: `End the prompt with ${quote(last.name)}.`,
      evidence: [
        evidenceOf(input.tokenizer, "here", last.name + last.separator + word),
        evidenceOf(input.tokenizer, "elsewhere", last.name + usual + word),
      ],
    },
  ];
}

/** How the last of the examples goes on after the cue that the prompt ends in. */
export function exampleAnswer(input: LintInput): string | undefined {
  const cues = cuesOf(input);
  const last = cues.at(-1);
  return cues.findLast((cue) => cue !== last && cue.name === last?.name && cue.word !== "")?.word;
}

/** `Answer:` at a line's beginning; an arrow behind any words. */
const cueLine = /^[ \t]{0,40}(?:(\p{L}[\p{L}\p{N} _-]{0,30}[:>])|[^\n:]{1,60}?(->|=>|→))([ \t]*(?:\r?\n)*)(\S*)/gmu;

function cuesOf({ texts }: LintInput): Cue[] {
  return texts.flatMap(({ text }, index) =>
    Array.from(text.matchAll(cueLine), (match): Cue => {
      const [whole, label, arrow = "", separator = "", next = ""] = match;
      const name = label ?? arrow;
      // What stands on the next line and is a cue itself answers nothing.
      const word = separator.includes("\n") && /[:>→]$/.test(next) ? "" : next;
      return {
        text: index,
        name,
        separator,
        word,
        span: { start: match.index + whole.lastIndexOf(name, whole.length - separator.length - next.length), end: match.index + whole.length },
      };
    }),
  );
}

function commonest(separators: readonly string[]): string | undefined {
  const groups = [...Map.groupBy(separators, (separator) => separator)].sort(([, a], [, b]) => b.length - a.length);
  return groups[0]?.[0];
}

function named(separator: string): string {
  if (separator === "") return "nothing";
  if (separator === " ") return "a space";
  if (/^ +$/.test(separator)) return `${separator.length} spaces`;
  return separator === "\t" ? "a tab" : quote(separator);
}
