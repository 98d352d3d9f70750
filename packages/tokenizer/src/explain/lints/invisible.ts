import { characterName } from "./character-name.ts";
import { evidenceOf, type Lint, type LintInput } from "./lint.ts";

/** Characters that nobody sees and every tokenizer reads. */
export function invisible({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    const found = [...text.matchAll(hidden)].filter(({ index: at, 0: character }) => !belongs(text, at, character));
    const [first] = found;
    if (!first) return [];
    const end = first.index + first[0].length;
    const start = first.index - (/[\p{L}\p{N}]*$/u.exec(text.slice(0, first.index))?.[0].length ?? 0);
    const sample = text.slice(start, end + (/^[\p{L}\p{N}]*/u.exec(text.slice(end))?.[0].length ?? 0));
    const names = [...new Set(found.map(({ 0: character }) => characterName(character)))];
    return [
      {
        id: "invisible",
        severity: "warning",
        text: index,
        span: { start: first.index, end },
        says: `The text holds ${found.length === 1 ? "a character" : `${found.length} characters`} that nobody sees: ${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}. The model reads ${found.length === 1 ? "it" : "them"}, and words with ${found.length === 1 ? "it" : "them"} are cut otherwise.`,
        fix:
          names[0]?.startsWith("a byte-order mark") && found.length === 1
            ? "Read the file as UTF-8 with BOM."
            : "Remove them, unless they are meant.",
        evidence: [evidenceOf(tokenizer, "as sent", sample), evidenceOf(tokenizer, "without", sample.replace(hidden, ""))],
      },
    ];
  });
}

/** Format characters, the byte-order mark, soft hyphens, fillers; not the joiners of emoji, nor what scripts need (see `belongs`). */
const hidden =
  /\u034f|[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Mongolian}\p{Script=Tibetan}]/u;
const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const noSpaces = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Whether the character does there what it is for. */
function belongs(text: string, at: number, character: string): boolean {
  const before = Array.from(text.slice(Math.max(0, at - 4), at)).at(-1) ?? "";
  const next = text.codePointAt(at + character.length);
  const after = next === undefined ? "" : String.fromCodePoint(next);
  switch (character) {
    case "\u200d":
      return /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f/u.test(before) || joining.test(before);
    case "\u200c":
      return joining.test(before) || joining.test(after);
    case "\u200b":
      return noSpaces.test(before) || noSpaces.test(after);
    case "\u200e":
    case "\u200f":
    case "\u061c":
    case "\u2067":
    case "\u2068":
    case "\u2069":
      return rightToLeft.test(text);
    default:
      // The tags that follow a black flag name a country's part.
      return character >= "\u{e0020}" && /\u{1f3f4}[\u{e0020}-\u{e007f}]*$/u.test(text.slice(Math.max(0, at - 20), at));
  }
}
