import { unicodeProperty } from "./unicode-property.ts";

/** Who wrote the pattern: Rust's `regex` and `fancy-regex` (tiktoken), or Oniguruma in its Ruby syntax (tokenizer.json). */
export type Dialect = "rust" | "oniguruma";

/** A character that stands for itself, outside and inside a class. */
export function literal(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

const wordCharacters = ["Alphabetic", "M", "Nd", "Pc"].map((name) => unicodeProperty(name)).join("");

/**
 * `\w`, as a class. Rust's holds the two joiners besides, Oniguruma's six other characters, the superscripts and fractions of Latin-1
 * (measured over all code points with tokenizers 0.23.3).
 */
export function wordClass(dialect: Dialect, negated = false): string {
  const besides = dialect === "oniguruma" ? "\\u{b2}\\u{b3}\\u{b9}\\u{bc}-\\u{be}" : "\\u{200c}\\u{200d}";
  return `[${negated ? "^" : ""}${wordCharacters}${besides}]`;
}
