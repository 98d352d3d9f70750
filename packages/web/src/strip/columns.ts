/** Width of text in columns of a monospaced font: most characters take one, wide ones two. A mark that combines belongs to its character. */
export function columnsOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += columnsOfGrapheme(segment);
  return columns;
}

/** The characters a reader sees, each with its width. A cluster of joined emoji is one. */
export function graphemesOf(text: string): { text: string; columns: number }[] {
  return Array.from(segmenter.segment(text), ({ segment }) => ({ text: segment, columns: columnsOfGrapheme(segment) }));
}

export const isNarrow = (text: string): boolean => narrow.test(text);

/** Only characters that every monospaced font draws in one column. */
const narrow = /^[\u0020-\u007E\u00A0-\u00AC\u00AE-\u02FF\u2190\u21B5\u2039\u203A]*$/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const emoji = /\p{Emoji_Presentation}|\uFE0F/u;

function columnsOfGrapheme(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0;
  return isWide(code) || emoji.test(grapheme) ? 2 : 1;
}

/** East Asian Wide and Fullwidth (UAX #11), by blocks. */
function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  return (
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0x33ff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0xa000 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
