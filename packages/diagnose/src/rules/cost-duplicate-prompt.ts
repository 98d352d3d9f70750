import type { Call, Change, Facts, Part, Span } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { editMessages } from "../changes.ts";
import { inPrompt } from "../evidence.ts";
import { promptTexts } from "../texts.ts";
import { count, percent, quote } from "../words.ts";

/** Shortest passage that is worth a word, in characters (about 100 tokens of English). */
const smallest = 400;

/** The same long passage stands in the prompt twice. */
export const duplicatePrompt = callRule({
  id: "cost.duplicate-prompt",
  title: "The prompt holds a long passage twice",
  check: (call, facts): Found[] => {
    const copies = copiesIn(call);
    const [largest] = [...copies].sort((a, b) => length(b.span) - length(a.span));
    if (!largest) return [];
    const total = promptTexts(call).reduce((sum, { text }) => sum + text.length, 0);
    const wasted = copies.reduce((sum, { span }) => sum + length(span), 0);
    const share = wasted / total;
    const change = removal(copies);
    return [
      {
        severity: share >= 0.2 && wasted >= 4_000 ? "warning" : "note",
        certainty: "certain",
        says: `${copies.length === 1 ? "A passage stands" : `${count(copies.length)} passages stand`} in the prompt more than once, ${count(wasted)} characters (${percent(share)} of it)${about(facts, share)}; the longest begins ${quote(largest.text.slice(0, 60))}.`,
        evidence: copies
          .slice(0, 5)
          .flatMap((copy) => [
            inPrompt(call, copy.first.at, copy.first.span, "stands here first"),
            inPrompt(call, copy.at, copy.span, "and here again"),
          ]),
        ...(change && { change }),
      },
    ];
  },
});

interface Copy {
  at: string;
  span: Span;
  text: string;
  type: Part["type"];
  /** All of its part. */
  isWhole: boolean;
  first: { at: string; span: Span };
}

const length = ({ start, end }: Span) => end - start;

/** Passages (whole parts, or paragraphs set off by an empty line) that stood in the prompt before. */
function copiesIn(call: Call): Copy[] {
  const seen = new Map<string, Copy["first"]>();
  const copies: Copy[] = [];
  for (const { at, text, type } of promptTexts(call)) {
    if (text.length < smallest) continue;
    const whole = { start: 0, end: text.length };
    const first = seen.get(text);
    if (first) {
      copies.push({ at, span: whole, text, type, isWhole: true, first });
      continue;
    }
    seen.set(text, { at, span: whole });
    for (const match of text.matchAll(/\S[^\n]*(?:\n[^\n]+)*/g)) {
      const passage = match[0];
      if (passage.length < smallest || passage.length === text.length) continue;
      const span = { start: match.index, end: match.index + passage.length };
      const known = seen.get(passage);
      if (known) copies.push({ at, span, text: passage, type, isWhole: false, first: known });
      else seen.set(passage, { at, span });
    }
  }
  return copies;
}

const about = (facts: Facts, share: number) =>
  facts.prompt?.counted === undefined ? "" : `, about ${count(Math.round(facts.prompt.counted * share))} tokens`;

/** Every later copy that is a passage of its part; a part that is a copy as a whole stays: it is a turn of the conversation. */
function removal(copies: readonly Copy[]): Change | undefined {
  const removable = copies.filter(({ isWhole, type }) => type === "text" && !isWhole);
  if (removable.length === 0) return undefined;
  const texts = new Set(removable.map(({ text }) => text));
  const without = (part: Part): Part => {
    if (part.type !== "text") return part;
    const here = removable.filter(({ at }) => at === part.at).sort((a, b) => b.span.start - a.span.start);
    return here.length === 0 ? part : { ...part, text: here.reduce((text, { span }) => text.slice(0, span.start) + text.slice(span.end), part.text) };
  };
  return editMessages(
    removable.length === 1 ? "leave the second copy out" : "leave every further copy out",
    (messages) => messages.map((message) => ({ ...message, parts: message.parts.map(without) })),
    {
      counts: "the prompt holds the same long passage twice",
      symptom: (other) => copiesIn(other).some(({ text, isWhole }) => !isWhole && texts.has(text)),
    },
  );
}
