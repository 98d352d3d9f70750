import { allScalars, normalRanges, type ScalarRange } from "../text/ranges.ts";
import { notLineEnd, notLineFeed, withBothCases } from "./character-classes.ts";
import { regexTooLarge, regexUnsupported } from "./errors.ts";
import { readEscape } from "./escapes.ts";
import { parseClass } from "./parse-class.ts";
import { Reader } from "./reader.ts";
import { ahead, boundary, choice, end, type Regex, repeat, sequence, set, start } from "./syntax.ts";

export interface RegexFlags {
  /** i: upper and lower case are the same. */
  ignoreCase?: boolean;
  /** s: the full stop takes line ends too. */
  dotAll?: boolean;
  /** The full stop leaves out the line feed only, as in Python and Rust; ECMA-262 knows three more ends of lines. */
  lineFeedOnly?: boolean;
}

/** Groups in groups; each level is a few calls. */
const deepest = 250;
/** More repetitions than any text has characters. */
const largestCount = 2 ** 31 - 1;

/**
 * ECMA-262 with the u flag, and a little more: `{`, `}` and `]` stand for themselves where they can mean nothing else, as without the flag.
 * @throws `regex-invalid`, `regex-unsupported` (look-behind, back-references, the m flag), `regex-too-large`; `data.position` in UTF-16 units.
 */
export const parseRegex = (pattern: string, flags: RegexFlags = {}): Regex => {
  const reader = new Reader(pattern);
  const parsed = parseChoice(reader, flags, 0);
  if (!reader.done) throw reader.invalid("a group is closed that was never opened");
  return parsed;
};

const parseChoice = (reader: Reader, flags: RegexFlags, depth: number): Regex => {
  if (depth > deepest) throw regexTooLarge(reader.pattern, reader.position, `groups stand more than ${deepest} deep`);
  const alternatives: Regex[] = [];
  do {
    const parts: Regex[] = [];
    while (!reader.done && !reader.sees("|") && !reader.sees(")")) parts.push(parseTerm(reader, flags, depth));
    alternatives.push(sequence(parts));
  } while (reader.takes("|"));
  return choice(alternatives);
};

const parseTerm = (reader: Reader, flags: RegexFlags, depth: number): Regex => {
  const position = reader.position;
  if (reader.takes("^")) return start;
  if (reader.takes("$")) return end;
  if (reader.takes("\\b")) return boundary(false);
  if (reader.takes("\\B")) return boundary(true);
  if (reader.takes("(?=")) return ahead(parseGroup(reader, flags, depth, position), false);
  if (reader.takes("(?!")) return ahead(parseGroup(reader, flags, depth, position), true);
  const atom = parseAtom(reader, flags, depth);
  const counts = parseQuantifier(reader);
  if (counts === undefined) return atom;
  reader.takes("?"); // lazy or greedy: the same texts match
  const [min, max] = counts;
  if (min > largestCount || (max !== undefined && max > largestCount)) throw regexTooLarge(reader.pattern, position, "a count is above 2147483647");
  if (max !== undefined && max < min) throw reader.invalid("a repetition's counts are out of order", position);
  return repeat(atom, min, max, position);
};

const parseQuantifier = (reader: Reader): [min: number, max: number | undefined] | undefined => {
  if (reader.takes("*")) return [0, undefined];
  if (reader.takes("+")) return [1, undefined];
  if (reader.takes("?")) return [0, 1];
  const counted = reader.match(/\{(\d+)(?:(,)(\d*))?\}/y);
  if (counted === undefined) return undefined;
  const min = Number(counted[1]);
  if (counted[2] === undefined) return [min, min];
  return [min, counted[3] === "" ? undefined : Number(counted[3])];
};

/** All others stand for themselves. */
const syntaxCharacters = new Set("\\^$.*+?()[]{}|");

const parseAtom = (reader: Reader, flags: RegexFlags, depth: number): Regex => {
  const position = reader.position;
  const closed = (ranges: readonly ScalarRange[]): readonly ScalarRange[] => (flags.ignoreCase ? withBothCases(ranges) : ranges);
  const single = (member: number): Regex => set(closed(normalRanges([[member, member]])));
  if (!syntaxCharacters.has(reader.pattern[position] ?? "")) return single(reader.character());
  if (/[*+?]/.test(reader.pattern[position] ?? "")) throw reader.invalid("there is nothing to repeat");
  if (reader.match(/\{\d+(?:,\d*)?\}/y) !== undefined) throw reader.invalid("there is nothing to repeat", position);
  if (reader.takes("(?:")) return parseGroup(reader, flags, depth, position);
  if (reader.takes("(?<=") || reader.takes("(?<!"))
    throw regexUnsupported(reader.pattern, position, "look-behind depends on what was matched before", "Say it with look-ahead from the beginning.");
  if (reader.match(/\(\?<[\p{ID_Start}$_][\p{ID_Continue}$]*>/uy) !== undefined) return parseGroup(reader, flags, depth, position);
  if (reader.sees("(?P<")) throw reader.invalid("a named group is written (?<name>…) in ECMA-262");
  const changed = parseModifiers(reader, flags);
  if (changed !== undefined) return parseGroup(reader, changed, depth, position);
  if (reader.sees("(?")) throw reader.invalid("there is no such group");
  if (reader.takes("(")) return parseGroup(reader, flags, depth, position);
  if (reader.takes("[")) return set(parseClass(reader, closed));
  if (reader.takes(".")) return set(flags.dotAll ? allScalars : flags.lineFeedOnly ? notLineFeed : notLineEnd);
  const member = reader.takes("\\") ? readEscape(reader, false) : reader.character();
  return typeof member === "number" ? single(member) : set(closed(member));
};

/** `(?i:`, `(?s-i:` of ES2025; undefined where no such group opens. */
const parseModifiers = (reader: Reader, flags: RegexFlags): RegexFlags | undefined => {
  const position = reader.position;
  const found = reader.match(/\(\?([ims]*)(?:-([ims]*))?([:)])/y);
  if (found === undefined) return undefined;
  const [, on = "", off = "", closing] = found;
  if (closing === ")") throw reader.invalid("flags need a group that they are for: (?i:…)", position);
  if (`${on}${off}`.includes("m")) throw regexUnsupported(reader.pattern, position, "the flag m makes ^ and $ look at lines");
  const after = (flag: string, before: boolean | undefined): boolean => (on.includes(flag) || before === true) && !off.includes(flag);
  return { ...flags, ignoreCase: after("i", flags.ignoreCase), dotAll: after("s", flags.dotAll) };
};

/** What stands in a group whose opening is read, and its end. */
const parseGroup = (reader: Reader, flags: RegexFlags, depth: number, opening: number): Regex => {
  const inside = parseChoice(reader, flags, depth + 1);
  if (!reader.takes(")")) throw reader.invalid("this group is never closed", opening);
  return inside;
};
