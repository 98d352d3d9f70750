/** Who wrote the pattern: Rust's `regex` and `fancy-regex` (tiktoken), or Oniguruma in its Ruby syntax (tokenizer.json). */
export type Dialect = "rust" | "oniguruma";

/** A character that stands for itself, outside and inside a class. */
export function literal(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}

/**
 * `\w`, as a class. Oniguruma's holds six more characters, the superscripts and fractions of Latin-1
 * (measured over all code points with tokenizers 0.23.3).
 */
export function wordClass(dialect: Dialect, negated = false): string {
  const latin1 = dialect === "oniguruma" ? "\\u{b2}\\u{b3}\\u{b9}\\u{bc}-\\u{be}" : "";
  return `[${negated ? "^" : ""}\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}${latin1}]`;
}
