import { characterName } from "./character-name.ts";
import { evidenceOf, type Lint, type LintId, type LintInput, places } from "./lint.ts";
import { stretchBefore, wordAfter } from "./words-beside.ts";

/** Spaces of other kinds between plain words, as copied from web pages. */
export const oddSpace = ({ tokenizer, texts }: LintInput): Lint[] =>
  texts.flatMap(({ text }, index) => {
    const found = [...text.matchAll(/(?<=[A-Za-z,.])[\u00a0\u2000-\u200a\u202f\u205f\u3000]+(?=[A-Za-z])/g)];
    const [first] = found;
    if (!first) return [];
    const end = first.index + first[0].length;
    const before = stretchBefore(text, first.index);
    const after = wordAfter(text, end);
    return sameOrLint("odd-space", {
      severity: "note",
      text: index,
      span: { start: first.index, end },
      says: `Between words stands ${characterName(first[0][0] as string)}, not a plain space, in ${places(found.length)}: the word after it is other tokens.`,
      fix: "Replace it with a plain space.",
      evidence: [evidenceOf(tokenizer, "as sent", before + first[0] + after), evidenceOf(tokenizer, "plain space", `${before} ${after}`)],
    });
  });

/** Lines indented with tabs beside lines indented with spaces. */
export const mixedIndent = ({ tokenizer, texts }: LintInput): Lint[] =>
  texts.flatMap(({ text }, index) => {
    const tabs = [...text.matchAll(/^\t+(?=\S)/gm)];
    const spaces = [...text.matchAll(/^(?: {2})+(?=\S)/gm)];
    const both = /^(?: +\t|\t+ {2})(?=[ \t]{0,200}\S)/m.exec(text);
    const [first] = tabs.length <= spaces.length ? tabs : spaces;
    if (!both && (!first || Math.min(tabs.length, spaces.length) < 2)) return [];
    const at = both?.index ?? (first?.index as number);
    const line = /^.*/.exec(text.slice(at, at + 24))?.[0] ?? "";
    return sameOrLint("mixed-indent", {
      severity: "note",
      text: index,
      span: { start: at, end: at + (/^[ \t]*/.exec(line)?.[0].length ?? 0) },
      says: both
        ? "A line is indented with tabs and spaces at once."
        : `${tabs.length} lines are indented with tabs, ${spaces.length} with spaces: the same depth is other tokens, and the model copies whichever it saw last.`,
      fix: "Indent with one of the two.",
      evidence: [
        evidenceOf(tokenizer, "as sent", line),
        evidenceOf(
          tokenizer,
          "otherwise",
          line.startsWith("\t") ? line.replaceAll("\t", "    ") : line.replace(/^[ \t]+/, (own) => "\t".repeat(Math.ceil(own.length / 4))),
        ),
      ],
    });
  });

/** Nothing, where the tokenizer reads both the same way. */
function sameOrLint(id: LintId, lint: Omit<Lint, "id">): Lint[] {
  const [as, other] = lint.evidence;
  return as?.ids.join() === other?.ids.join() ? [] : [{ id, ...lint }];
}
