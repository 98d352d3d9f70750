import type { Edit } from "../edits.ts";
import type { NormalizationStep } from "../stretches.ts";
import { type BertRules, becomesSpace, isChinese, isCombining, isDropped, lowercase, orderOfCombining, withoutAccents } from "./bert-text.ts";

/**
 * BERT's normaliser as steps in order, called as a tokenizer.json calls its options.
 * source  huggingface/tokenizers, normalizers/bert.rs
 */
export function bertNormalizer(rules: BertRules): NormalizationStep[] {
  return [
    ...(rules.cleanText ? [named("clean_text", byCharacter(cleaned))] : []),
    ...(rules.handleChineseChars ? [named("handle_chinese_chars", ideographsApart)] : []),
    ...(rules.stripAccents ? [named("strip_accents", accentsOff)] : []),
    ...(rules.lowercase ? [named("lowercase", byCharacter(lowercase))] : []),
  ];
}

const named = (step: string, edits: (text: string) => Edit[]): NormalizationStep => Object.assign((text: string) => edits(text), { step });

function cleaned(character: string): string {
  const codePoint = character.codePointAt(0) as number;
  return isDropped(codePoint) ? "" : becomesSpace(codePoint) ? " " : character;
}

/** A lone surrogate counts as U+FFFD, as where a text becomes UTF-8. */
function* characters(text: string): Iterable<{ at: number; end: number; character: string }> {
  let at = 0;
  for (const character of text) {
    const end = at + character.length;
    yield { at, end, character: character.length === 1 && character >= "\ud800" && character <= "\udfff" ? "\ufffd" : character };
    at = end;
  }
}

function byCharacter(change: (character: string) => string): (text: string) => Edit[] {
  return (text) => {
    const edits: Edit[] = [];
    for (const { at, end, character } of characters(text)) {
      const changed = change(character);
      if (changed !== character) edits.push({ start: at, end, text: changed });
    }
    return edits;
  };
}

function ideographsApart(text: string): Edit[] {
  const edits: Edit[] = [];
  for (const { at, end, character } of characters(text)) {
    if (isChinese(character.codePointAt(0) as number)) edits.push({ start: at, end: at, text: " " }, { start: end, end, text: " " });
  }
  return edits;
}

/** Nonspacing marks go; where several combining characters stay together, they are put in the order of NFD. */
function accentsOff(text: string): Edit[] {
  const edits: Edit[] = [];
  let run: CombiningRun | undefined;
  const endRun = () => {
    if (run && run.stayed.length > 1) edits.splice(run.edits, edits.length, { start: run.start, end: run.end, text: run.sorted() });
    run = undefined;
  };
  for (const { at, end, character } of characters(text)) {
    const stays = withoutAccents(character);
    const combines = isCombining(character.codePointAt(0) as number);
    if (!combines) endRun();
    run ??= new CombiningRun(at, edits.length);
    run.add(stays, end);
    if (stays !== character) edits.push({ start: at, end, text: stays });
    if (run.stayed.length === 0) run = new CombiningRun(end, edits.length);
  }
  endRun();
  return edits;
}

/** From the first combining character that stays, or the character that holds it, to the last combining one. */
class CombiningRun {
  readonly start: number;
  /** How many edits stood before it. */
  readonly edits: number;
  readonly stayed: { character: string; order: number }[] = [];
  end: number;
  #base = "";

  constructor(start: number, edits: number) {
    this.start = start;
    this.end = start;
    this.edits = edits;
  }

  add(stays: string, end: number): void {
    this.end = end;
    for (const character of stays) {
      const order = orderOfCombining(character.codePointAt(0) as number);
      if (order > 0) this.stayed.push({ character, order });
      else this.#base += character;
    }
  }

  sorted(): string {
    return (
      this.#base +
      this.stayed
        .toSorted((a, b) => a.order - b.order)
        .map(({ character }) => character)
        .join("")
    );
  }
}
