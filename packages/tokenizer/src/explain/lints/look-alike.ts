import { lookAlikeOf } from "../skeleton.ts";
import { scriptOf } from "../token-class.ts";
import { evidenceOf, type Lint, type LintInput, quote } from "./lint.ts";

/** Words that mix Latin letters with letters of another script that look like Latin ones. */
export function lookAlike({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index) => {
    if (!/[\u0370-\u058f]/.test(text)) return [];
    const found = [...text.matchAll(/[A-Za-z\u00c0-\u024f\u0370-\u058f]{3,}/g)].flatMap((match): Lint[] => {
      const [word] = match;
      const letters = Array.from(word);
      const foreign = letters.filter((letter) => scriptOf(letter) !== "latin");
      if (foreign.length === 0 || foreign.length * 2 > letters.length + 1 || !foreign.every((letter) => lookAlikeOf(letter) !== undefined)) return [];
      const meant = letters.map((letter) => lookAlikeOf(letter) ?? letter).join("");
      return [
        {
          id: "look-alike",
          severity: "warning",
          text: index,
          span: { start: match.index, end: match.index + word.length },
          says: `${quote(word)} has ${[...new Set(foreign)].map((letter) => `a ${capital(scriptOf(letter) ?? "foreign")} ${quote(letter)}`).join(", ")} among Latin letters: it looks like ${quote(meant)} and is other tokens.`,
          fix: `Write ${quote(meant)} in Latin letters.`,
          evidence: [evidenceOf(tokenizer, "as sent", word), evidenceOf(tokenizer, "Latin", meant)],
        },
      ];
    });
    return found.slice(0, 8);
  });
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
