/** `a zero-width space (U+200B)`. */
export function characterName(character: string): string {
  const code = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  const name =
    names[code] ??
    (character >= "\u{e0000}" ? "a tag character" : /[\u202a-\u202e\u2066-\u2069]/.test(character) ? "a direction control" : "a character");
  return `${name} (U+${code})`;
}

const names: Record<string, string> = {
  "00A0": "a no-break space",
  "00AD": "a soft hyphen",
  "200B": "a zero-width space",
  "200C": "a zero-width non-joiner",
  "200D": "a zero-width joiner",
  "200E": "a left-to-right mark",
  "200F": "a right-to-left mark",
  "2009": "a thin space",
  "202F": "a narrow no-break space",
  "2060": "a word joiner",
  "3000": "an ideographic space",
  "3164": "a Hangul filler",
  FEFF: "a byte-order mark",
};
