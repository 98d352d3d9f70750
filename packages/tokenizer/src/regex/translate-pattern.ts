import { CutawayError } from "@cutaway/core";
import { type Dialect, literal, wordClass } from "./dialect.ts";
import { PatternReader } from "./pattern-reader.ts";
import { translateClass, translateClassEscape } from "./translate-class.ts";

const maxPattern = 20_000;
const maxDepth = 40;
/** A counted repetition above this is taken for an unbounded one. */
const manyTimes = 1000;

/** A translated part; `repeats` where it holds a repetition without a bound. */
interface Part {
  source: string;
  repeats: boolean;
}

/**
 * A regular expression of the tokenizer world as a JavaScript one that matches the same text: `\s` is White_Space, letters fold as
 * Unicode folds them, classes nest, possessive and atomic groups hold. Flags `gv`.
 * throws `unsupported-tokenizer` for what has no exact counterpart, and for a repetition within a repetition, whose time could be exponential.
 */
export function translatePattern(pattern: string, dialect: Dialect): RegExp {
  if (pattern.length > maxPattern) throw unsupported(pattern, `it has ${pattern.length} characters; up to ${maxPattern} are read`);
  const reader = new PatternReader(pattern, (what) => unsupported(pattern, what));
  const leadingFold = reader.take("(?i)");
  let atomics = 0;

  const alternatives = (depth: number): Part => {
    if (depth > maxDepth) throw reader.fail(`groups are nested more than ${maxDepth} deep`);
    const branches = [sequence(depth)];
    while (reader.take("|")) branches.push(sequence(depth));
    return { source: branches.map((branch) => branch.source).join("|"), repeats: branches.some((branch) => branch.repeats) };
  };

  const sequence = (depth: number): Part => {
    let source = "";
    let repeats = false;
    while (!reader.atEnd && reader.peek() !== "|" && reader.peek() !== ")") {
      const part = quantified(atom(depth));
      source += part.source;
      repeats ||= part.repeats;
    }
    return { source, repeats };
  };

  /** Commits to the first match: a lookahead is never entered twice. */
  const atomic = (part: Part): Part => {
    atomics++;
    return { source: `(?:(?=(?<a${atomics}>${part.source}))\\k<a${atomics}>)`, repeats: part.repeats };
  };

  const quantified = (first: Part): Part => {
    let part = first;
    for (;;) {
      const quantifier = reader.quantifier();
      if (!quantifier) return part;
      const { least, most, counted } = quantifier;
      const unbounded = most > manyTimes;
      if (unbounded && part.repeats) throw reader.fail("a repetition repeats another one, which can take exponential time");
      const repeats = part.repeats || unbounded;
      const times = least === 0 && most === 1 ? "?" : `{${least},${most === Number.POSITIVE_INFINITY ? "" : most}}`;
      const plain = { source: `(?:${part.source})${times}`, repeats };
      if (reader.take("?")) {
        if (counted && least === most) throw reader.fail("`{n}?` means different things in different engines");
        part = { source: `${plain.source}?`, repeats };
      } else if (!(counted && dialect === "oniguruma") && reader.take("+")) {
        part = atomic(plain);
      } else {
        part = plain;
      }
    }
  };

  const group = (depth: number): Part => {
    const opening = ["?:", "?=", "?!", "?<=", "?<!", "?>", "?i:", "?-i:"].find((form) => reader.take(form));
    if (!opening && reader.peek() === "?" && !reader.takeName()) throw reader.fail("a group of this form is not known here");
    const inner = alternatives(depth + 1);
    if (!reader.take(")")) throw reader.fail("a group is not closed");
    if (opening === "?>") return atomic(inner);
    const looks = opening === "?=" || opening === "?!" || opening === "?<=" || opening === "?<!";
    return { source: `(${opening ?? "?:"}${inner.source})`, repeats: inner.repeats && !looks };
  };

  const atom = (depth: number): Part => {
    const character = reader.next();
    const once = (source: string): Part => ({ source, repeats: false });
    switch (character) {
      case "(":
        return group(depth);
      case "[":
        return once(translateClass(reader, dialect));
      case ".":
        return once("[^\\n]");
      case "^":
        return once(dialect === "oniguruma" ? "(?<![^\\n])" : "(?<![\\s\\S])");
      case "$":
        return once(dialect === "oniguruma" ? "(?![^\\n])" : "(?![\\s\\S])");
      case "\\":
        return once(escaped());
      case "*":
      case "+":
      case "?":
        throw reader.fail("a repetition has nothing to repeat");
      default:
        return once(literal(character));
    }
  };

  const escaped = (): string => {
    const boundary = zeroWidth(reader.peek(), dialect);
    if (boundary === undefined) return translateClassEscape(reader, dialect);
    reader.next();
    return boundary;
  };

  const { source } = alternatives(0);
  if (!reader.atEnd) throw reader.fail("a group is closed that was not opened");
  try {
    return new RegExp(leadingFold ? `(?i:${source})` : source, "gv");
  } catch (cause) {
    throw unsupported(pattern, cause instanceof Error ? cause.message : String(cause));
  }
}

/** `\A`, `\z`, `\b` and `\B`; undefined for any other escape. */
function zeroWidth(character: string, dialect: Dialect): string | undefined {
  const word = wordClass(dialect);
  switch (character) {
    case "A":
      return "(?<![\\s\\S])";
    case "z":
      return "(?![\\s\\S])";
    case "b":
      return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
    case "B":
      return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
    default:
      return undefined;
  }
}

function unsupported(pattern: string, what: string): CutawayError {
  const shown = pattern.length > 200 ? `${pattern.slice(0, 200)}…` : pattern;
  return new CutawayError("unsupported-tokenizer", `the split pattern cannot be run: ${what}, in ${JSON.stringify(shown)}`, {
    fix: "Use a tokenizer whose pattern needs no such construct, or report it as missing.",
    data: { pattern: shown },
  });
}
