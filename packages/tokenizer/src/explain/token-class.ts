/**
 * What a token is made of, spaces around it aside: the script of its letters in lower case (`latin`, `han`, `japanese` with kana, …), `mixed` for letters of
 * several scripts, `number`, `punctuation` (signs and symbols), `white-space`, `control` (characters that show nothing), `part-of-character`.
 */
export type TokenClass = string;

/** text  undefined where the token's bytes are not whole characters */
export function tokenClass(text: string | undefined): TokenClass {
  if (text === undefined) return "part-of-character";
  const core = text.trim();
  if (core === "") return "white-space";
  if (/^[A-Za-z]+$/.test(core)) return "latin";
  const scripts = new Set<string>();
  for (const character of core) {
    const script = scriptOf(character);
    if (script !== undefined) scripts.add(script);
  }
  if (scripts.size === 0)
    return /\p{N}/u.test(core) ? "number" : /^[\p{C}\p{Default_Ignorable_Code_Point}]+$/u.test(core) ? "control" : "punctuation";
  const isJapanese = scripts.has("hiragana") || scripts.has("katakana");
  if (isJapanese) for (const part of ["han", "hiragana", "katakana"]) scripts.delete(part);
  if (scripts.size === 0) return "japanese";
  return scripts.size === 1 && !isJapanese ? (scripts.values().next().value as string) : "mixed";
}

/** Of a letter; undefined for characters that all scripts share. */
export function scriptOf(character: string): string | undefined {
  const code = character.codePointAt(0) as number;
  if (code < 0x80) return /[A-Za-z]/.test(character) ? "latin" : undefined;
  let script = known.get(code);
  if (script === undefined) {
    script = /\p{L}/u.test(character)
      ? (patterns.find(([, pattern]) => pattern.test(character))?.[0] ?? (isShared.test(character) ? "" : "other"))
      : "";
    known.set(code, script);
  }
  return script === "" ? undefined : script;
}

const known = new Map<number, string>();
const isShared = /[\p{Script=Common}\p{Script=Inherited}]/u;

const patterns = [
  "Latin Han Cyrillic Hangul Hiragana Katakana Arabic Greek Hebrew Devanagari Bengali Thai Tamil Telugu Kannada Malayalam Gujarati Gurmukhi Oriya Sinhala",
  "Georgian Armenian Khmer Lao Myanmar Tibetan Ethiopic Mongolian Cherokee Thaana Syriac Bopomofo Canadian_Aboriginal Coptic Gothic Ol_Chiki Tifinagh Nko",
]
  .join(" ")
  .split(" ")
  .map((name): [string, RegExp] => [name.toLowerCase().replaceAll("_", "-"), new RegExp(`\\p{Script=${name}}`, "u")]);
