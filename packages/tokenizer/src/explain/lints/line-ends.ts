import { evidenceOf, type Lint, type LintInput } from "./lint.ts";

/** Line breaks of several kinds, or of Windows: other tokens than a line feed, and more of them. */
export function lineEnds({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    const breaks = [...text.matchAll(/\r\n?/g)];
    const [first] = breaks;
    if (!first) return [];
    const plain = text.replace(/\r\n?/g, "\n");
    const more = tokenizer.count(text, asText) - tokenizer.count(plain, asText);
    const isMixed = /(?<!\r)\n/.test(text);
    const around = { start: Math.max(0, first.index - 8), end: first.index + first[0].length + 8 };
    const sample = text.slice(around.start, around.end).replace(/^\S* /, " ");
    return [
      {
        id: "line-ends",
        severity: isMixed ? "warning" : "note",
        text: index,
        span: { start: first.index, end: first.index + first[0].length },
        says: `${breaks.length === 1 ? "One line ends" : `${breaks.length} lines end`} in a carriage return${isMixed ? ", others in a line feed alone" : ""}: other tokens than a line feed's${more > 0 ? `, ${more} more in all` : ""}.`,
        fix: "Send line feeds only.",
        evidence: [evidenceOf(tokenizer, "as sent", sample), evidenceOf(tokenizer, "line feeds", sample.replace(/\r\n?/g, "\n"))],
      },
    ];
  });
}

const asText = { disallowedSpecial: "as-text" } as const;
