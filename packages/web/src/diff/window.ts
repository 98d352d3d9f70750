/** How much text before and after the place where two answers part is shown, in UTF-16 code units. */
export const before = 400;
export const after = 4000;

export interface TextWindow {
  /** Text before that is not shown. */
  skipped: number;
  same: string;
  own: string;
  /** Text after that is not shown. */
  left: number;
}

/** The part of one answer around the place where it parts from the other; `at` is undefined where they are equal. */
export function windowAt(text: string, at: number | undefined): TextWindow {
  const cut = Math.min(at ?? text.length, text.length);
  const start = at === undefined ? 0 : Math.max(0, cut - before);
  const sameEnd = at === undefined ? Math.min(text.length, after) : cut;
  const end = Math.min(text.length, at === undefined ? sameEnd : cut + after);
  return {
    skipped: start,
    same: text.slice(start, sameEnd).toWellFormed(),
    own: at === undefined ? "" : text.slice(cut, end).toWellFormed(),
    left: text.length - end,
  };
}
