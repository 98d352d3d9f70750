import { regexText } from "../../regex/index.ts";
import { choice, literal, optional, repeat, sequence, type Text } from "../text.ts";

/** Groups in groups, at most. */
const deepest = 4;

const escaped = "\\\\(?:[dDwWsStnrfv^$\\\\.*+?()[\\]{}|/]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})";
const member = `(?:[^\\\\\\]\\-^]|\\\\[dDwWsStnrfv^$\\\\.*+?()[\\]{}|/-]|a-z|A-Z|0-9|a-f|A-F)`;
const single = `(?:[^\\\\^$.*+?()[\\]{}|]|\\.|${escaped}|\\[\\^?${member}*\\])`;
/** `{2,5}`: an upper end of up to four digits, no less than a lower end of up to two. */
const betweenCounts = Array.from({ length: 100 }, (_, least) => `${least},(?:${atLeast(least)})`).join("|");
const counts = `(?:(?:[*+?]|\\{(?:\\d{1,4},?|${betweenCounts})\\})\\??)?`;

/**
 * Regular expressions. All of them are no regular language (their brackets nest); these are what programs use: groups four deep, any class, the usual ranges,
 * counts up to 99. Every text is valid with the u flag.
 */
export const regexLanguage = (): Text => {
  const whole = (pattern: string): Text => regexText(pattern, { search: false });
  const quantifier = whole(counts);
  const anchor = whole("[\\^$]|\\\\[bB]");
  let atom = whole(single);
  let pattern = choice();
  for (let depth = 0; depth <= deepest; depth++) {
    const term = choice(sequence(atom, quantifier), anchor);
    pattern = sequence(repeat(term), repeat(sequence(literal("|"), repeat(term))));
    const group = sequence(literal("("), optional(literal("?:")), pattern, literal(")"));
    atom = choice(whole(single), group);
  }
  return pattern;
};

function atLeast(least: number): string {
  const [tens, ones] = [Math.floor(least / 10), least % 10];
  if (tens === 0) return `[${ones}-9]|[1-9]\\d{1,3}`;
  return `${tens}[${ones}-9]|${tens < 9 ? `[${tens + 1}-9]\\d|` : ""}[1-9]\\d{2,3}`;
}
