/** Who wrote the pattern: Rust's `regex` and `fancy-regex` (tiktoken), or Oniguruma in its Ruby syntax (tokenizer.json). */
export type Dialect = "rust" | "oniguruma";

/** A character that stands for itself, outside and inside a class. */
export function literal(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
}
