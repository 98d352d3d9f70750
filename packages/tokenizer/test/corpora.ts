import { type Random, seededRandom } from "@cutaway/core";

/** Generated texts, the same on every machine. */

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const words =
  `the of and a to in is you that it he was for on are as with his they I at be this have from or one had by word but not what all were we when
your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two
more write go see number no way could people my than first water been call who oil its now find long down day did get come made may part over new sound take
tokenization probability distribution counterfactual hallucination misconfigured throughput latency retrieval-augmented antidisestablishmentarianism`.split(
    /\s+/,
  );

export function prose(length: number, seed: number): string {
  const random = seededRandom(seed);
  let text = "";
  while (text.length < length) {
    let word = pick(random, words);
    if (random() < 0.1) word = word[0]?.toUpperCase() + word.slice(1);
    if (random() < 0.02) word = word.toUpperCase();
    if (random() < 0.04) word += pick(random, ["'s", "n't", "'re", "’s", "'LL", "'d"]);
    if (random() < 0.03) word = String(Math.floor(random() * 10 ** Math.ceil(random() * 9)));
    text += word + (random() < 0.1 ? pick(random, [", ", ". ", "; ", " — ", "…\n", "?\n\n", "! ", ") ", " ("]) : " ");
  }
  return text;
}

export function code(length: number, seed: number): string {
  const random = seededRandom(seed);
  const name = () => pick(random, words).replace(/\W/g, "_") + (random() < 0.3 ? pick(random, ["Id", "_count", "2", "Factory", "URL"]) : "");
  let text = "";
  while (text.length < length) {
    const indent = pick(random, ["", "  ", "    ", "\t", "\t\t", "            "]);
    text +=
      indent +
      pick(random, [
        `const ${name()} = ${name()}(${name()}, ${Math.floor(random() * 1e5)}, "${name()}");\n`,
        `if (${name()} !== undefined && ${name()}[${name()}] >= 0x${Math.floor(random() * 1e6).toString(16)}) {\n`,
        "}\n\n",
        `// ${prose(30, Math.floor(random() * 1e6))}\n`,
        `def __${name()}__(self, *${name()}, **kwargs): # TODO(${name()})\r\n`,
        `<div class="${name()}-${name()}">{{ ${name()} | json }}</div>\n`,
        `SELECT ${name()}, COUNT(*) FROM ${name()} WHERE ${name()} = '${name()}' -- ${name()}\n`,
        `${name()}->${name()}<${name()}>(&${name()})[..]?;\n`,
        `${"=".repeat(Math.floor(random() * 90))}\n`,
      ]);
  }
  return text;
}

/** 60 scripts, as ranges of their letters. */
export const scripts: readonly [name: string, first: number, last: number][] = [
  ["Latin", 0x61, 0x7a],
  ["Latin Extended", 0xc0, 0x24f],
  ["IPA", 0x250, 0x2af],
  ["Greek", 0x391, 0x3c9],
  ["Cyrillic", 0x410, 0x44f],
  ["Armenian", 0x531, 0x586],
  ["Hebrew", 0x5d0, 0x5ea],
  ["Arabic", 0x620, 0x652],
  ["Syriac", 0x710, 0x74a],
  ["Thaana", 0x780, 0x7b1],
  ["NKo", 0x7c0, 0x7f5],
  ["Samaritan", 0x800, 0x82d],
  ["Mandaic", 0x840, 0x85b],
  ["Devanagari", 0x904, 0x96f],
  ["Bengali", 0x985, 0x9ef],
  ["Gurmukhi", 0xa05, 0xa6f],
  ["Gujarati", 0xa85, 0xaef],
  ["Oriya", 0xb05, 0xb6f],
  ["Tamil", 0xb85, 0xbef],
  ["Telugu", 0xc05, 0xc6f],
  ["Kannada", 0xc85, 0xcef],
  ["Malayalam", 0xd05, 0xd6f],
  ["Sinhala", 0xd85, 0xdf3],
  ["Thai", 0xe01, 0xe59],
  ["Lao", 0xe81, 0xed9],
  ["Tibetan", 0xf40, 0xfbc],
  ["Myanmar", 0x1000, 0x109f],
  ["Georgian", 0x10d0, 0x10ff],
  ["Hangul Jamo", 0x1100, 0x11ff],
  ["Ethiopic", 0x1200, 0x137f],
  ["Cherokee", 0x13a0, 0x13f5],
  ["Canadian Syllabics", 0x1401, 0x166c],
  ["Ogham", 0x1680, 0x169c],
  ["Runic", 0x16a0, 0x16ea],
  ["Tagalog", 0x1700, 0x1714],
  ["Khmer", 0x1780, 0x17e9],
  ["Mongolian", 0x1810, 0x18aa],
  ["Limbu", 0x1900, 0x194f],
  ["Tai Le", 0x1950, 0x1974],
  ["Buginese", 0x1a00, 0x1a1b],
  ["Balinese", 0x1b05, 0x1b59],
  ["Sundanese", 0x1b83, 0x1bb9],
  ["Lepcha", 0x1c00, 0x1c49],
  ["Ol Chiki", 0x1c50, 0x1c7f],
  ["Vietnamese", 0x1ea0, 0x1ef9],
  ["Greek Extended", 0x1f00, 0x1fbc],
  ["Coptic", 0x2c80, 0x2cee],
  ["Tifinagh", 0x2d30, 0x2d67],
  ["Hiragana", 0x3041, 0x3096],
  ["Katakana", 0x30a1, 0x30fa],
  ["Bopomofo", 0x3105, 0x312f],
  ["Han", 0x4e00, 0x9fa5],
  ["Yi", 0xa000, 0xa48c],
  ["Vai", 0xa500, 0xa62b],
  ["Javanese", 0xa984, 0xa9d9],
  ["Hangul", 0xac00, 0xd7a3],
  ["Linear B", 0x10000, 0x100fa],
  ["Gothic", 0x10330, 0x1034a],
  ["Deseret", 0x10400, 0x1044f],
  ["Han Extension B", 0x20000, 0x2a6d6],
];

export function multilingual(length: number, seed: number): string {
  const random = seededRandom(seed);
  let text = "";
  while (text.length < length) {
    const [, first, last] = pick(random, scripts);
    for (let word = 0; word < 6; word++) {
      const letters = 1 + Math.floor(random() * 9);
      for (let letter = 0; letter < letters; letter++) text += String.fromCodePoint(first + Math.floor(random() * (last - first + 1)));
      text += random() < 0.15 ? pick(random, ["。", "، ", "؟ ", "、", "। ", "?", "\n"]) : " ";
    }
  }
  return text;
}

export function json(length: number, seed: number): string {
  const random = seededRandom(seed);
  const value = (depth: number): unknown => {
    const kind = random();
    if (depth > 4 || kind < 0.4)
      return pick<unknown>(random, [null, true, random() * 1e9, Math.floor(random() * 1e6), prose(20, Math.floor(random() * 1e6)), 'é\u0000\n"\\']);
    if (kind < 0.7) return Array.from({ length: Math.floor(random() * 6) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 6) }, () => [pick(random, words), value(depth + 1)]));
  };
  let text = "";
  while (text.length < length) text += `${JSON.stringify(value(0), null, pick(random, [0, 2, 4]))}\n`;
  return text;
}

export function base64(length: number, seed: number): string {
  const random = seededRandom(seed);
  let bytes = "";
  while (bytes.length < length) bytes += String.fromCharCode(Math.floor(random() * 256));
  return btoa(bytes).slice(0, length);
}

export function emoji(length: number, seed: number): string {
  const random = seededRandom(seed);
  const parts = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇫🇷", "🏳️‍🌈", "❤️", "☃", "1️⃣", " ", "‍", "\u{e0062}", "🤷🏿‍♀️", "!"];
  let text = "";
  while (text.length < length) text += pick(random, parts);
  return text;
}

/** What peers get wrong, or used to: the byte order mark, NEL, folded contractions, specials as text, marks, runs of white space, one long piece. */
export const oddTexts: readonly string[] = [
  "",
  " ",
  "  ",
  "\n",
  "\r\n",
  " \n ",
  "\n\n  ",
  "a\n  ",
  "  a",
  "a  b",
  "\t\tx",
  "x   ",
  "   \n\n   x",
  "\u0000",
  "\ufeff",
  "\ufeffabc",
  "a\ufeffb",
  "\ufeff \ufeff",
  "\u0085",
  " \u0085",
  "\u0085 a",
  "a\u0085\u0085b",
  "\u00a0\u00a0a",
  "\u2028\u2029",
  "\u3000 \u3000",
  "\u200b\u200d",
  "\u180e",
  "'ſ",
  "it'ſ",
  "IT'ſ",
  "don'T",
  "we'LL've",
  "'s'S's",
  "’s",
  "''ll",
  "'",
  "s'",
  "<|endoftext|>",
  'x = "<|endoftext|>";',
  "<|endofprompt|>",
  "<|fim_prefix|>a",
  "<|endoftext",
  "|>",
  "<|<|endoftext|>|>",
  "ǅǆ",
  "ʰa",
  "ªb",
  "日本語ABC",
  "ABC日本語abc",
  "Aa日A日a",
  "\u0301",
  "a\u0301",
  "\u0301a",
  "\u0301A",
  "\u0301AB",
  "\u0301Ab",
  " \u0301A",
  "A\u0301B",
  "\u20dd!",
  "!\u0301",
  "1\u0301",
  "½⅓²",
  "١٢٣٤",
  "Ⅷ",
  "1234567",
  "a1b22c333d4444",
  "//\r\n/",
  "!/\n/",
  " ///x",
  "\ud800",
  "\udc00",
  "a\ud83d",
  "\ude00b",
  "\ud83d\ud83d\ude00",
  "\uffff",
  "\u{10ffff}",
  "\u{1f1eb}",
  "ſ",
  "K",
  "İ",
  "ß",
  "ﬃ",
  "_".repeat(40),
  "-".repeat(70),
  " ".repeat(90),
  "\n".repeat(33),
  "ab".repeat(60),
  "Z̸͎̈a̶l̵g̷o̸",
];

const fuzzCharacters = [
  ..." \t\n\r\u0085\u00a0\u2028\ufeff\u3000'’sStTrReEvVmMlLdDſK09a bcABCÀéǅʰªאبगि中日한\u0301\u0300\u20dd½Ⅷ٣_-/.,!?<|>{}\"\\@#😀🇫\u200d\u0000",
  "\ud800",
  "\udfff",
];

/** Short strings of characters at which pre-tokenizers branch, doubled often, with others of all planes between them. */
export function* fuzz(count: number, seed: number): Iterable<string> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index++) {
    const length = 1 + Math.floor(random() * 28);
    let text = "";
    for (let at = 0; at < length; at++) {
      const character =
        random() < 0.08 ? String.fromCodePoint(Math.floor(random() * (random() < 0.5 ? 0x3000 : 0x20000))) : pick(random, fuzzCharacters);
      text += random() < 0.2 ? character + character : character;
    }
    yield text;
  }
}
