/**
 * A text as it looks rather than as it is spelt: compatibility forms (full width, ligatures, styled letters) as their plain ones, letters of other scripts
 * as the Latin letters that they look like, invisible characters left out, all in lower case. Two texts with one skeleton look alike.
 */
export interface Skeleton {
  text: string;
  /** By unit of `text`: the range of the text as given from which it came. */
  starts: number[];
  ends: number[];
}

export function skeletonOf(text: string): Skeleton {
  let folded = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  for (const character of text) {
    const start = at;
    at += character.length;
    const plain = plainOf(character);
    for (let unit = 0; unit < plain.length; unit++) {
      starts.push(start);
      ends.push(at);
    }
    folded += plain;
  }
  return { text: folded, starts, ends };
}

/** What one character looks like; "" for one that shows nothing. */
export function plainOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 32) : character;
  let plain = known.get(character);
  if (plain === undefined) {
    plain = /^\p{Default_Ignorable_Code_Point}$/u.test(character)
      ? ""
      : Array.from(character.normalize("NFKC"), (part) => lookAlikes.get(part) ?? part)
          .join("")
          .toLowerCase();
    if (known.size < 20_000) known.set(character, plain);
  }
  return plain;
}

const known = new Map<string, string>();

/** The Latin letter or ASCII sign that a character is taken for; undefined for what looks like itself. */
export const lookAlikeOf = (character: string): string | undefined => lookAlikes.get(character);

/**
 * Letters and signs that most typefaces draw like ASCII ones.
 * source  Unicode Technical Standard 39, confusables.txt: its Cyrillic, Greek and Armenian letters for Latin ones, and the signs of which markers are made
 */
const lookAlikes = new Map<string, string>(
  [
    // Cyrillic
    "аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl",
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX ІI ЈJ ЅS ҮY ԌG Ӏl",
    // Greek
    "οo αa νv ρp υu ιi κk",
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX",
    // Armenian
    "օo սu հh ոn ցg զq",
    // Latin letters for others of their own
    "ɡg ɑa ǀ| ꞁl",
    // signs
    "∣| │| ❘| ¦| ⎮| ‖| ‹< 〈< ⟨< ❮< ˂< ›> 〉> ⟩> ❯> ˃> ▁_ ⁄/ ∕/ ⧸/ ꞉: ∶:",
  ]
    .join(" ")
    .split(" ")
    .filter((pair) => pair.length >= 2)
    .map((pair): [string, string] => [pair.slice(0, -1), pair.slice(-1)]),
);
