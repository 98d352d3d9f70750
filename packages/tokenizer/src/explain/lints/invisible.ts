import { characterName } from "./character-name.ts";
import { evidenceOf, type Lint, type LintInput } from "./lint.ts";
import { wordAfter, wordBefore } from "./words-beside.ts";

/** Characters that nobody sees and every tokenizer reads. */
export function invisible({ tokenizer, texts }: LintInput): Lint[] {
  return texts.flatMap(({ text }, index): Lint[] => {
    let found = 0;
    let first: { at: number; character: string } | undefined;
    const names = new Set<string>();
    const isRightToLeft = rightToLeft.test(text);
    for (const { index: at, 0: character } of text.matchAll(hidden)) {
      if (belongs(text, at, character, isRightToLeft)) continue;
      found++;
      first ??= { at, character };
      if (names.size < 4) names.add(characterName(character));
    }
    if (!first) return [];
    const end = first.at + first.character.length;
    const sample = wordBefore(text, first.at) + first.character + wordAfter(text, end);
    const [one = "", ...more] = names;
    const [it, characters] = found === 1 ? ["it", "a character"] : ["them", `${found} characters`];
    return [
      {
        id: "invisible",
        severity: "warning",
        text: index,
        span: { start: first.at, end },
        says: `The text holds ${characters} that nobody sees: ${[one, ...more.slice(0, 2)].join(", ")}${more.length > 2 ? ", …" : ""}. The model reads ${it}, and words with ${it} are cut otherwise.`,
        fix: one.startsWith("a byte-order mark") && found === 1 ? "Read the file as UTF-8 with BOM." : "Remove them, unless they are meant.",
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
function belongs(text: string, at: number, character: string, isRightToLeft: boolean): boolean {
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
      return isRightToLeft;
    default:
      // The tags that follow a black flag name a country's part.
      return character >= "\u{e0020}" && /\u{1f3f4}[\u{e0020}-\u{e007f}]*$/u.test(text.slice(Math.max(0, at - 20), at));
  }
}
