/**
 * How text is cut so that what belongs to a citation can merge into one token. First the name of a series: an abbreviation with what follows it up to a § ("U.S.C. §",
 * "Cal. Penal Code §"), or abbreviations in a row, with the number of an edition ("F. Supp. 2d"). Then a number of up to four digits with the space before it: "1983"
 * is a section, and stays whole. Then words, symbols and white space, as general tokenizers cut them.
 */
const abbreviation = String.raw`\p{Lu}[\p{L}.']*\.`;
const upToSection = ` ?${abbreviation}${String.raw`(?: \p{Lu}[\p{L}.']*)?`.repeat(3)} §{1,2}`;
const inARow = ` ?${abbreviation}${`(?: ${abbreviation})?`.repeat(3)}(?: ?[234](?:d|th))?`;
const number = String.raw` ?\p{N}{1,4}`;
const others = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

export const citationPattern = [upToSection, inARow, number, others].join("|");
