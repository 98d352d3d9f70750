import type { Span, Tokenizer } from "@cutaway/core";
import { vocabularyEntries } from "../vocabulary-entries.ts";
import { evidenceOf, type Lint, type LintInput, quote, tail } from "./lint.ts";
import { stretchAfter, stretchBefore, wordAfter, wordBefore } from "./words-beside.ts";

/** Characters on either side of a joint that can matter: more than any ordinary token has. */
const reach = 64;

/** The expected answer begins inside what would be one token with the prompt's end. */
export function splitAtAnswer({ tokenizer, texts, answer }: LintInput): Lint[] {
  const index = texts.length - 1;
  const text = texts[index]?.text ?? "";
  if (answer === undefined || answer === "" || /[ \t]$/.test(text)) return [];
  const across = tokenAcross(tokenizer, text, answer);
  if (!across) return [];
  return [
    {
      id: "split-at-answer",
      severity: "warning",
      text: index,
      span: { start: text.length - across.before.length, end: text.length },
      says: `The prompt ends inside what would be the one token ${quote(across.before + across.after)}: the model has to go on from ${quote(across.before)}, a split it rarely saw.`,
      fix:
        across.before.trim() === ""
          ? `Leave ${quote(across.before)} to the answer.`
          : `End the prompt where a word ends: before ${quote(stretchBefore(text, text.length))}, or after ${quote(`${stretchBefore(text, text.length)}${stretchAfter(answer, 0)}`)}.`,
      evidence: comparison(tokenizer, text, answer),
    },
  ];
}

/** Two texts that follow on one another grow together at the joint. */
export function splitAtJoin({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text, joined }, index): Lint[] => {
    const before = texts[index - 1]?.text ?? "";
    if (!joined || before === "" || !/[\p{L}\p{N}]$/u.test(before) || !/^[\p{L}\p{N}]/u.test(text)) return [];
    const across = tokenAcross(tokenizer, before, text);
    return [
      {
        id: "split-at-join",
        severity: "warning",
        text: index,
        span: { start: 0, end: wordAfter(text, 0).length },
        says: `This text follows on the one before it without a separator: ${quote(wordBefore(before, before.length))} and ${quote(wordAfter(text, 0))} are read as one word${across ? `, with the token ${quote(across.before + across.after)} across` : ""}.`,
        fix: "End the first with a line break or a space.",
        evidence: comparison(tokenizer, before, text),
      },
    ];
  });
}

/** The prompt's last word is in pieces, and longer tokens begin with it: most likely it is cut. */
export function cutWord({ tokenizer, texts, ends, answer }: LintInput): Lint[] {
  const index = texts.length - 1;
  const text = texts[index]?.text ?? "";
  if (ends !== "open" || answer !== undefined) return [];
  const url = /https?:\/?$/.exec(text.slice(-8));
  if (url) return [cutUrl(tokenizer, index, text, url[0])];
  const word = / ?\p{L}{3,}$/u.exec(text.slice(-reach))?.[0];
  if (word === undefined || text.length === word.length) return [];
  const tokens = evidenceOf(tokenizer, "as sent", word);
  if (tokens.ids.length < 2) return [];
  const longer = vocabularyEntries(tokenizer).filter((entry) => entry.kind === "text" && entry.text?.startsWith(word) === true);
  const likeliest = longer.toSorted((a, b) => (a.text as string).length - (b.text as string).length || a.id - b.id)[0];
  if (!likeliest) return [];
  const whole = likeliest.text as string;
  return [
    {
      id: "cut-word",
      severity: "warning",
      text: index,
      span: { start: text.length - word.trimStart().length, end: text.length },
      says: `The prompt ends in ${quote(word.trimStart())}, ${tokens.ids.length} tokens where ${quote(whole.trimStart())} is one${longer.length > 1 ? ` (${longer.length} tokens begin so)` : ""}: if the word is cut, the model goes on from a split it rarely saw.`,
      fix: "End the prompt before the word, or after it (token healing: drop its last tokens and let the model write the word again).",
      evidence: [tokens, evidenceOf(tokenizer, "whole", whole)],
    },
  ];
}

function cutUrl(tokenizer: Tokenizer, index: number, text: string, url: string): Lint {
  return {
    id: "cut-word",
    severity: "warning",
    text: index,
    span: { start: text.length - url.length, end: text.length },
    says: `The prompt ends in ${quote(url)}: addresses go on with “://” as one token, and the model rarely saw its halves.`,
    fix: `End the prompt after ${quote("http")}, or after “://”.`,
    evidence: [evidenceOf(tokenizer, "as sent", url), evidenceOf(tokenizer, "whole", url.replace(/:\/?$/, "://"))],
  };
}

/** The token that lies across the joint when both texts are encoded as one; undefined where the joint is a boundary. */
export function tokenAcross(tokenizer: Tokenizer, a: string, b: string): { before: string; after: string } | undefined {
  const start = tail(a, reach);
  const text = start + b.slice(0, reach);
  const across = tokenizer
    .encodeWithSpans(text, { disallowedSpecial: "as-text" })
    .find(({ span }: { span: Span }) => span.start < start.length && span.end > start.length);
  return across && { before: text.slice(across.span.start, start.length), after: text.slice(start.length, across.span.end) };
}

function comparison(tokenizer: Tokenizer, a: string, b: string) {
  const near = tail(a, 12);
  const next = /^\s*\S*/.exec(b.slice(0, 24))?.[0] ?? "";
  const [one, other] = [evidenceOf(tokenizer, "apart", near), evidenceOf(tokenizer, "apart", next)];
  const apart = { label: "apart", text: near + next, ids: [...one.ids, ...other.ids], tokens: [...one.tokens, ...other.tokens] };
  return [apart, evidenceOf(tokenizer, "as one", near + next)];
}
