let segmenter: Intl.Segmenter | undefined;

/**
 * Words of a text by Unicode's word boundaries, which find words in scripts without spaces too (by the engine's own dictionaries); numbers
 * count, punctuation does not.
 * source  UAX 29, as `Intl.Segmenter` has it
 */
export function countWords(text: string): number {
  segmenter ??= new Intl.Segmenter("und", { granularity: "word" });
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words++;
  return words;
}

/** Code points; a lone surrogate is one. */
export function countCharacters(text: string): number {
  let pairs = 0;
  for (let i = 0; i + 1 < text.length; i++) {
    const isPair = (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (isPair) pairs++;
  }
  return text.length - pairs;
}
