/**
 * How many bytes the character with this first byte has, by the first byte alone: text from a charsmap need not be valid UTF-8.
 * source  google/sentencepiece, src/util.h, OneCharLen
 */
export const characterLength = (lead: number): number => (lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
