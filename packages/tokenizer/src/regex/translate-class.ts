import { type Dialect, literal, wordClass } from "./dialect.ts";
import type { PatternReader } from "./pattern-reader.ts";
import { unicodeProperty } from "./unicode-property.ts";

const maxNesting = 20;

/** A bracket expression, whose `[` has been read, in the syntax of JavaScript's `v` flag. */
export function translateClass(reader: PatternReader, dialect: Dialect, depth = 0): string {
  if (depth > maxNesting) throw reader.fail(`classes are nested more than ${maxNesting} deep`);
  const negated = reader.take("^");
  const operands: string[] = [];
  let members = "";
  let first = true;
  for (;;) {
    if (reader.comesNext("]") && !first) break;
    first = false;
    if (reader.take("&&")) {
      operands.push(`[${members}]`);
      members = "";
      continue;
    }
    if (reader.comesNext("--") && dialect === "rust") throw reader.fail("`--` in a class is not known here");
    if (reader.comesNext("[:")) {
      members += posixClass(reader);
      continue;
    }
    if (reader.take("[")) {
      members += translateClass(reader, dialect, depth + 1);
      continue;
    }
    const low = member(reader, dialect);
    if (!low.single || !reader.comesNext("-") || reader.comesNext("-]")) {
      members += low.source;
      continue;
    }
    reader.next();
    const high = member(reader, dialect);
    if (!high.single) throw reader.fail("a range ends in a class");
    members += `${low.source}-${high.source}`;
  }
  reader.next();
  operands.push(`[${members}]`);
  return operands.length === 1 ? `[${negated ? "^" : ""}${members}]` : `[${negated ? "^" : ""}${operands.join("&&")}]`;
}

function member(reader: PatternReader, dialect: Dialect): { source: string; single: boolean } {
  const character = reader.next();
  if (character !== "\\") return { source: literal(character), single: true };
  if (reader.take("b")) return { source: "\\u{8}", single: true };
  const source = translateClassEscape(reader, dialect);
  return { source, single: !source.startsWith("[") && !source.startsWith("\\p") && !source.startsWith("\\P") };
}

/** An escape, whose `\` has been read, that stands for one character or one class of them. */
export function translateClassEscape(reader: PatternReader, dialect: Dialect): string {
  const character = reader.next();
  const control = controls[character];
  if (control) return control;
  const shorthand = shorthands[character];
  if (shorthand) return shorthand;
  switch (character) {
    case "w":
    case "W":
      return wordClass(dialect, character === "W");
    case "p":
    case "P":
      return property(reader, character === "P");
    case "h":
    case "H":
      if (dialect === "oniguruma") return character === "h" ? "[0-9A-Fa-f]" : "[^0-9A-Fa-f]";
      break;
    case "x":
    case "u": {
      const code = reader.match(character === "x" ? /\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2})/y : /\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4})/y);
      const value = Number.parseInt(code?.[1] ?? code?.[2] ?? "", 16);
      if (!(value <= 0x10ffff)) throw reader.fail(`\\${character} is not followed by a code point`);
      return `\\u{${value.toString(16)}}`;
    }
  }
  if (/^[A-Za-z0-9]$/.test(character)) throw reader.fail(`\\${character} is not known here`);
  return literal(character);
}

const controls: Record<string, string> = { n: "\\n", r: "\\r", t: "\\t", f: "\\f", v: "\\v", a: "\\u{7}", e: "\\u{1b}" };

/** `\s` is White_Space: with U+0085 and without U+FEFF, unlike JavaScript's. */
const shorthands: Record<string, string> = {
  s: "\\p{White_Space}",
  S: "\\P{White_Space}",
  d: unicodeProperty("Nd"),
  D: unicodeProperty("Nd", true),
};

/** `\pL`, `\p{L}`, `\p{^L}`, `\p{Han}`, `\p{Script=Han}` */
function property(reader: PatternReader, negative: boolean): string {
  const found = reader.match(/\{(\^?)([A-Za-z][\w ]*(?:=[\w ]+)?)\}|()([A-Z])/y);
  if (!found) throw reader.fail("\\p is not followed by a property");
  const name = (found[2] ?? found[4] ?? "").replaceAll(" ", "_");
  const negated = negative !== (found[1] === "^");
  const capitalised = name.replace(/(^|_)([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
  for (const candidate of [name, capitalised, `Script=${name}`, `Script=${capitalised}`]) {
    if (isProperty(candidate)) return unicodeProperty(candidate, negated);
  }
  throw reader.fail(`\\p{${name}} is not a property known here`);
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, "u").flags === "u";
  } catch {
    return false;
  }
}

const posixClasses: Record<string, string> = {
  alpha: unicodeProperty("Alphabetic"),
  digit: unicodeProperty("Nd"),
  alnum: `[${unicodeProperty("Alphabetic")}${unicodeProperty("Nd")}]`,
  upper: unicodeProperty("Uppercase"),
  lower: unicodeProperty("Lowercase"),
  space: "\\p{White_Space}",
  punct: `[${unicodeProperty("P")}${unicodeProperty("S")}]`,
};

function posixClass(reader: PatternReader): string {
  const found = reader.match(/\[:(\^?)([a-z]+):\]/y);
  const source = posixClasses[found?.[2] ?? ""];
  if (!found || !source) throw reader.fail("a POSIX class is not known here");
  return found[1] ? `[^${source}]` : source;
}
