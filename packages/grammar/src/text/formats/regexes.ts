import { regexText } from "../../regex/index.ts";
import { choice, literal, optional, repeat, sequence, type Text } from "../text.ts";

/** Groups in groups, at most. */
const deepest = 4;

const escaped = "\\\\(?:[dDwWsStnrfv^$\\\\.*+?()[\\]{}|/]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})";
const member = `(?:[^\\\\\\]\\-^]|\\\\[dDwWsStnrfv^$\\\\.*+?()[\\]{}|/-]|a-z|A-Z|0-9|a-f|A-F)`;
const single = `(?:[^\\\\^$.*+?()[\\]{}|]|\\.|${escaped}|\\[\\^?${member}*\\])`;
const counts = "(?:(?:[*+?]|\\{\\d{1,4},?\\})\\??)?";

/**
 * Regular expressions. All of them are no regular language (their brackets nest); these are what programs use: groups four deep, any class, the usual ranges,
 * counts without an upper end of their own. Every text is valid with the u flag.
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
