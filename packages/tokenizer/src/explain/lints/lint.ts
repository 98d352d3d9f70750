import type { Role, Severity, Span, Tokenizer } from "@cutaway/core";

export type LintId =
  | "trailing-space"
  | "split-at-answer"
  | "split-at-join"
  | "cut-word"
  | "few-shot-separator"
  | "few-shot-ending"
  | "line-ends"
  | "decomposed"
  | "invisible"
  | "look-alike"
  | "odd-space"
  | "mixed-indent"
  | "mojibake"
  | "special-token"
  | "special-look-alike"
  | "role-marker";

/** One text of a prompt: all of it, a message, or a part of one. */
export interface LintedText {
  text: string;
  /** Where it stands, for people and programs: `messages[2].content`. */
  at?: string;
  role?: Role;
  /** It follows directly on the text before it, without a separator of the template's. */
  joined?: boolean;
}

export interface LintInput {
  tokenizer: Tokenizer;
  texts: readonly LintedText[];
  /** Whether the model goes on from the end of the last text (a completion, a started answer), or a chat template closes it first. */
  ends: "open" | "closed";
  /** What the model is expected to go on with, where that is known. */
  answer?: string;
}

/** The same words as tokens, for comparison. */
export interface LintEvidence {
  label: string;
  text: string;
  ids: number[];
  /** By token, what it covers. */
  tokens: string[];
}

export interface Lint {
  id: LintId;
  severity: Severity;
  /** Which of the texts. */
  text: number;
  /** UTF-16 units of that text. */
  span: Span;
  says: string;
  fix: string;
  /** How it is, then how it would be. */
  evidence: LintEvidence[];
}

export function evidenceOf(tokenizer: Tokenizer, label: string, text: string): LintEvidence {
  const tokens = tokenizer.encodeWithSpans(text, { disallowedSpecial: "as-text" });
  return { label, text, ids: tokens.map(({ id }) => id), tokens: tokens.map(({ span }) => text.slice(span.start, span.end)) };
}

/** A text's own words in a sentence, short. */
export function quote(text: string, most = 32): string {
  const characters = Array.from(text);
  return characters.length <= most ? `“${text}”` : `“${characters.slice(0, most - 1).join("")}…”`;
}

export const places = (n: number): string => (n === 1 ? "one place" : `${n} places`);

/** The end of a text, `least` characters and what the first of their words lacks. */
export function tail(text: string, least: number): string {
  const from = text.length - least;
  if (from <= 0) return text;
  const before = /\s?\S{0,64}$/.exec(text.slice(Math.max(0, from - 65), from))?.[0] ?? "";
  return text.slice(from - before.length);
}
