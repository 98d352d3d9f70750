import { complementRanges } from "../text/ranges.ts";
import { allText, both, choice, empty, length, nothing, scalars, sequence, type Text } from "../text/text.ts";
import { wordCharacters } from "./character-classes.ts";

/**
 * What the text may be from some place on, to its end, by what stands before that place: nothing at all, a character of \w, or another one. All that
 * ^ and \b can ask of the left; $ and look-ahead ask of the right, and that is the language itself.
 */
export interface Rest {
  readonly start: Text;
  readonly word: Text;
  readonly other: Text;
}

export const anywhere = (text: Text): Rest => ({ start: text, word: text, other: text });

export const eachRest = (rest: Rest, change: (text: Text, before: keyof Rest) => Text): Rest => {
  const start = change(rest.start, "start");
  const word = change(rest.word, "word");
  return { start, word, other: change(rest.other, "other") };
};

export const unionRest = (a: Rest, b: Rest): Rest => {
  if (isUniform(a) && isUniform(b)) return anywhere(choice(a.start, b.start));
  return eachRest(a, (text, before) => choice(text, b[before]));
};

/** Only the end of the text, where the rest allows it. */
export const atEnd = (rest: Rest): Rest => eachRest(rest, (text) => (text.nullable ? empty : nothing));

export const isUniform = (rest: Rest): boolean => rest.start === rest.word && rest.word === rest.other;

const word: Text = scalars(wordCharacters);
const other: Text = scalars(complementRanges(wordCharacters));
export const endingInWord: Text = sequence(allText, word);
export const endingInOther: Text = sequence(allText, other);
/** Texts that begin with a character of \w. */
export const beginsWithWord: Text = sequence(word, allText);

/** First a text that looks at nothing round it, then the rest. */
export const before = (text: Text, rest: Rest): Rest => {
  if (isUniform(rest)) return anywhere(sequence(text, rest.start));
  const moved =
    rest.word === rest.other
      ? sequence(text.nullable ? both(text, length(1)) : text, rest.word)
      : choice(sequence(endingIn(text, word), rest.word), sequence(endingIn(text, other), rest.other));
  return text.nullable ? eachRest(rest, (here) => choice(here, moved)) : anywhere(moved);
};

/** The texts of a language whose last character is of the set. */
const endingIn = (text: Text, set: Text): Text => {
  if (text.kind === "scalar") return both(text, set);
  if (text.kind === "sequence") {
    const last = text.parts.at(-1);
    if (last?.kind === "scalar") return sequence(...text.parts.slice(0, -1), both(last, set));
  }
  return both(text, sequence(allText, set));
};
