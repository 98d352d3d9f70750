/**
 * Text as a terminal may show it: every character that would move the cursor, change colours, reorder the line or show
 * nothing at all is replaced by a visible name. Text of models and files is hostile; the painter passes all of it through here.
 */
export function visible(text: string): string {
  return hidden.test(text) ? text.replace(everyHidden, nameOf) : text;
}

/**
 * What must not reach a terminal as it is: C0 and C1 controls, line separators, bidirectional controls (they reorder what is read),
 * zero-width characters, tag characters (they hide text) and lone surrogates. U+200D stays: emoji are joined with it.
 */
const hiddenClass =
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\p{Cs}]";

const hidden = new RegExp(hiddenClass, "u");
const everyHidden = new RegExp(hiddenClass, "gu");

/** Whether `visible` would change the text. */
export const hasHidden = (text: string): boolean => hidden.test(text);

/** The text in pieces that are either all hidden characters or none, so that the painter can set the names apart. */
export const splitHidden = (text: string): string[] => text.split(new RegExp(`(${hiddenClass}+)`, "u")).filter((piece) => piece !== "");

function nameOf(character: string): string {
  const code = character.codePointAt(0) as number;
  if (character === "\n") return "⏎";
  if (character === "\t") return "⇥";
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  return code <= 0xff ? `\\x${code.toString(16)}` : `\\u{${code.toString(16)}}`;
}
