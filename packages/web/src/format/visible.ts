/**
 * Text in which nothing hides: controls, spaces that look like others and characters that turn the
 * reading direction become their names in brackets. A newline stays, with a glyph before it, so that lines still break.
 */
export function visible(text: string): string {
  return hidden.test(text) ? text.replace(hiddenAll, glyphOf) : text;
}

/** The same for one line of display: newlines are glyphs only. */
export const visibleLine = (text: string): string => onOneLine(visible(text));

/** Text that is visible already, on one line. */
export const onOneLine = (shown: string): string => shown.replaceAll("\n", "");

/** Bytes that are not UTF-8, or a token that holds only a part of a character. */
export const visibleBytes = (bytes: Uint8Array): string => `‹${hex(bytes)}›`;

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(" ");
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a token shows: its text with everything visible, or its bytes where they are no text of their own. */
export function visibleToken(bytes: Uint8Array): string {
  try {
    return visibleAlone(strict.decode(bytes));
  } catch {
    return visibleBytes(bytes);
  }
}

/** The same for text that stands by itself: marks that would combine with what is before it, or join nothing, have names. */
export const visibleAlone = (text: string): string => (combining.test(text) ? Array.from(text, nameOf).join("") : visible(text));

const combining = /^[\p{M}\u200D]+$/u;
const nameOf = (mark: string): string => (mark === "\u200D" ? "‹ZWJ›" : codeName(mark));

const named: Record<string, string> = {
  "\n": "↵\n",
  "\t": "→\u2003",
  "\u00A0": "‹NBSP›",
  "\u00AD": "‹SHY›",
  "\u061C": "‹ALM›",
  "\u200B": "‹ZWSP›",
  "\u200C": "‹ZWNJ›",
  "\u200E": "‹LRM›",
  "\u200F": "‹RLM›",
  "\u2028": "‹LS›",
  "\u2029": "‹PS›",
  "\u202A": "‹LRE›",
  "\u202B": "‹RLE›",
  "\u202C": "‹PDF›",
  "\u202D": "‹LRO›",
  "\u202E": "‹RLO›",
  "\u2060": "‹WJ›",
  "\u2066": "‹LRI›",
  "\u2067": "‹RLI›",
  "\u2068": "‹FSI›",
  "\u2069": "‹PDI›",
  "\u3000": "‹IDSP›",
  "\uFEFF": "‹BOM›",
};

const hiddenClass =
  "[\\u0000-\\u001F\\u007F-\\u009F\\u00A0\\u00AD\\u061C\\u200B\\u200C\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u2069\\u3000\\uFEFF]|[\\uD800-\\uDFFF]|[\\u{E0000}-\\u{E007F}]";
const hidden = new RegExp(hiddenClass, "u");
const hiddenAll = new RegExp(hiddenClass, "gu");

const controls = "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(" ");

function glyphOf(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  const code = character.codePointAt(0) ?? 0;
  const control = code === 0x7f ? "DEL" : controls[code];
  if (control) return `‹${control}›`;
  return codeName(character);
}

const codeName = (character: string): string => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`;
