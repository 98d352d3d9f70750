import { oneOf } from "../text/one-of.ts";
import { allText, both, choice, choiceOf, empty, length, not, nothing, repeat, scalars, sequence, sequenceOf, type Text } from "../text/text.ts";
import { anchoredParts } from "./anchored-parts.ts";
import { regexTooLarge, regexUnsupported } from "./errors.ts";
import { anywhere, atEnd, before, beginsWithWord, eachRest, endingInOther, endingInWord, isUniform, type Rest, unionRest } from "./rest.ts";
import type { Regex } from "./syntax.ts";

/** A repeated part that asserts something is written out this often at most. */
const mostCopies = 300;

/**
 * The texts that a regular expression matches. Read from the right: each part is put before what may follow it, so that `$` and look-ahead, which ask of
 * what follows, are an intersection with a language that is there already.
 * @param search as in JSON Schema and `RegExp.test`: somewhere in the text. Otherwise the whole text.
 */
export const languageOf = (regex: Regex, pattern: string, search: boolean): Text => {
  const found = follow(regex, anywhere(search ? allText : empty), pattern);
  if (!search) return found.start;
  if (isUniform(found)) return sequence(allText, found.start);
  return choice(found.start, sequence(endingInWord, found.word), sequence(endingInOther, found.other));
};

/** An expression that asserts nothing. */
const plain = (regex: Regex): Text => {
  switch (regex.kind) {
    case "set":
      return scalars(regex.ranges);
    case "sequence":
      return sequenceOf(regex.parts.map(plain));
    case "choice":
      return plainChoice(regex.parts);
    case "repeat":
      return repeat(plain(regex.part), regex.min, regex.max);
    default:
      throw new Error(`${regex.kind} is no language by itself`);
  }
};

/** Alternatives that are words share their beginnings: lists of them are long. */
const plainChoice = (parts: readonly Regex[]): Text => {
  const words: string[] = [];
  const others: Text[] = [];
  for (const part of parts) {
    const word = wordOf(part);
    if (word === undefined) others.push(plain(part));
    else words.push(word);
  }
  return choiceOf([oneOf(words), ...others]);
};

/** The one text of an expression of single characters; undefined for any other. */
const wordOf = (regex: Regex): string | undefined => {
  if (regex.kind !== "sequence" || regex.parts.length === 0) return undefined;
  let word = "";
  for (const part of regex.parts) {
    const [range, ...more] = part.kind === "set" ? part.ranges : [];
    if (range === undefined || more.length > 0 || range[0] !== range[1]) return undefined;
    word += String.fromCodePoint(range[0]);
  }
  return word;
};

const follow = (regex: Regex, rest: Rest, pattern: string): Rest => {
  if (!regex.asserts) return before(plain(regex), rest);
  switch (regex.kind) {
    case "start":
      return { start: rest.start, word: nothing, other: nothing };
    case "end":
      return atEnd(rest);
    case "boundary":
      return eachRest(rest, (text, left) => both(text, (left === "word") === regex.negated ? beginsWithWord : not(beginsWithWord)));
    case "ahead": {
      const seen = follow(regex.part, anywhere(allText), pattern);
      return eachRest(rest, (text, left) => both(text, regex.negated ? not(seen[left]) : seen[left]));
    }
    case "choice":
      return regex.parts.map((part) => follow(part, rest, pattern)).reduce(unionRest);
    case "sequence":
      return followSequence(regex.parts, rest, pattern);
    case "repeat":
      return followRepeat(regex, rest, pattern);
    default:
      throw new Error(`${regex.kind} asserts nothing`);
  }
};

/** Neighbours that assert nothing are put before the rest together. */
const followSequence = (parts: readonly Regex[], rest: Rest, pattern: string): Rest => {
  let result = rest;
  for (let i = parts.length; i > 0; ) {
    const until = i;
    while (i > 0 && parts[i - 1]?.asserts === false) i--;
    if (i < until) result = before(sequenceOf(parts.slice(i, until).map(plain)), result);
    const asserting = parts[i - 1];
    if (asserting !== undefined) result = follow(asserting, result, pattern);
    i--;
  }
  return result;
};

type Repeat = Regex & { kind: "repeat" };

const followRepeat = (regex: Repeat, rest: Rest, pattern: string): Rest => {
  const { part, min, max, position } = regex;
  const copies = max ?? min;
  if (copies > mostCopies)
    throw regexTooLarge(pattern, position, `a part with ^, $, \\b or look-ahead inside is repeated more than ${mostCopies} times`);
  let result = max === undefined ? followStar(regex, rest, pattern) : rest;
  for (let i = min; i < copies; i++) result = unionRest(rest, follow(part, result, pattern));
  for (let i = 0; i < min; i++) result = follow(part, result, pattern);
  return result;
};

const followStar = (regex: Repeat, rest: Rest, pattern: string): Rest =>
  anchoredStar(regex, rest) ??
  temperedStar(regex, rest, pattern) ??
  fail(
    regexUnsupported(
      pattern,
      regex.position,
      "a part with \\b or look-ahead inside is repeated without end",
      "Put the look-ahead before the repetition.",
    ),
  );

const fail = (error: Error): never => {
  throw error;
};

/** `(?:^a|b|c$)*`: the first copy may stand at the start, the last at the end, and those between are free. */
const anchoredStar = (regex: Repeat, rest: Rest): Rest | undefined => {
  const parts = anchoredParts(regex.part, plain);
  if (parts === undefined) return undefined;
  const last = atEnd(rest);
  const free = before(repeat(parts.free), unionRest(rest, before(parts.end, last)));
  const fromStart = choice(before(parts.start, free).start, before(parts.whole, last).start);
  return { ...free, start: choice(free.start, fromStart) };
};

/** `(?:(?!x)c)*` up to the end of the text, c one character: no place before the end where x begins. */
const temperedStar = (regex: Repeat, rest: Rest, pattern: string): Rest | undefined => {
  const [look, one, ...more] = regex.part.kind === "sequence" ? regex.part.parts : [];
  if (look?.kind !== "ahead" || !look.negated || one?.kind !== "set" || more.length > 0) return undefined;
  const unwanted = follow(look.part, anywhere(allText), pattern);
  if (!isUniform(unwanted) || !isUniform(rest)) return undefined;
  if (rest.start === allText) return rest; // no copy is needed
  if (rest.start !== empty) return undefined;
  const somewhere = sequence(allText, both(unwanted.start, length(1)));
  return anywhere(both(repeat(scalars(one.ranges)), not(somewhere)));
};
