import { findMojibake } from "@cutaway/metrics";
import { evidenceOf, type Lint, type LintInput, places, quote } from "./lint.ts";

/** UTF-8 that was read in another encoding on its way. */
export function mojibake({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    const found = findMojibake(text);
    const [first] = found;
    if (!first) return [];
    return [
      {
        id: "mojibake",
        severity: "warning",
        text: index,
        span: first.span,
        says: `UTF-8 was read as ${first.readAs} in ${places(found.length)}: ${quote(first.garbled)} was ${quote(first.original)}.`,
        fix: "Decode the text as UTF-8 where it comes in.",
        evidence: [evidenceOf(tokenizer, "as sent", first.garbled), evidenceOf(tokenizer, "as meant", first.original)],
      },
    ];
  });
}
