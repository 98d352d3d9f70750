/** Strings that look for differences: every plane, and at every turn the characters at which tokenizers branch. */
import { below, pick, seededRandom } from "./random.ts";

export interface FuzzMaterial {
  /** Real texts to cut slices from. */
  documents: readonly string[];
  /** Texts of the vocabulary's special and added tokens. */
  specials: readonly string[];
}

type Segment = (random: () => number, material: FuzzMaterial) => string;

/** `count` strings, the same for the same seed and material: most are short, some have thousands of characters. */
export function* fuzzTexts(count: number, seed: number, material: FuzzMaterial): Generator<string> {
  const random = seededRandom(seed);
  for (let made = 0; made < count; made++) {
    const length = targetLength(random);
    // A string of few kinds of segment meets more of their combinations than one of all kinds.
    const kinds = Array.from({ length: 1 + below(random, 4) }, () => pick(random, segments));
    let text = "";
    while (text.length < length) text += pick(random, kinds)(random, material);
    yield text.length > length + 40 ? text.slice(0, length + 40) : text;
  }
}

function targetLength(random: () => number): number {
  const kind = random();
  if (kind < 0.7) return 1 + below(random, 16);
  if (kind < 0.92) return 16 + below(random, 44);
  if (kind < 0.992) return 60 + below(random, 190);
  if (kind < 0.9996) return 250 + below(random, 1750);
  return 2000 + below(random, 4000);
}

const whiteSpace = [..." \t\n\v\f\r\u001c\u001f\u0085\u00a0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000", "\r\n", "  ", "\n\n"];
const invisible = [..."\ufeff\u200b\u200c\u200d\u200e\u2060\u180e\u00ad\u034f\ufe0f\u{e0001}\u{e0062}"];
const controls = [..."\u0000\u0001\u0007\u0008\u001b\u007f\u0080\u009f\ufffd\ufffe\uffff\ufff9"];
const contractions = ["'s", "'S", "'ſ", "'t", "'ll", "'LL", "'lL", "'ve", "'re", "'d", "'m", "’s", "'", "''", "n't"];
const casings = [..."ſKÅİıßẞςσΣǅǆǄŉΐﬀﬃﬆᾳᾼaZéÉ", "i\u0307", "ΑΣ", "ΑΣ "];
const marks = [..."\u0301\u0300\u0308\u0327\u0323\u0345\u093c\u0e33\u0f39\u3099\u309a\u20dd\u0344\u{1d165}\u{1d16d}\u0488"];
const normalised = [
  ..."ÀÅ각豈﨑ﬁ²½Ⅷ℃㌀㎏ｱﾞﾊﾟ！Ａ～￥ﺎﷺ…‥ʹ·;क़ড়שּׁ𝐀𝟘🄰🈀ǰẛ々〱",
  "e\u0301",
  "각",
  "カ\u3099",
  "a\u0323\u0307",
  "a\u0307\u0323",
  "ẛ\u0323",
  "\u0f71\u0f72\u0f74",
  "\u{11099}\u{110ba}",
];
const emoji = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇫🇷", "🇫", "🏳️‍🌈", "❤️", "☃", "1️⃣", "🤷🏿‍♀️", "🏿", "‍"];
const punctuation = [..."-_=+.,;:!?/\\|\"'`~@#$%^&*()[]{}<>«»“”—…。、·•§¶†€£°"];
const markup = [
  "<|",
  "|>",
  "<s>",
  "</s>",
  "<unk>",
  "<pad>",
  "[CLS]",
  "[UNK]",
  "[MASK]",
  "##",
  "▁",
  "▁▁",
  "<0x0A>",
  "Ġ",
  "Ċ",
  "<|endoftext|>",
  "<|im_start|>",
];
const words =
  "the of and a to in is you that it he was for on are as with I at be this have from or one had by word but not what all were we when can".split(
    " ",
  );
const digits = codePoints(/\p{Nd}/u);
const numbers = codePoints(/[\p{Nl}\p{No}]/u);
const combining = codePoints(/\p{M}/u);
const cased = codePoints(/[\p{Lu}\p{Lt}\p{Lm}]/u);

const one =
  (items: readonly string[]): Segment =>
  (random) =>
    pick(random, items);

const word: Segment = (random) => {
  const found = pick(random, words);
  const kind = below(random, 8);
  return (kind & 1 ? " " : "") + (kind === 2 ? found.toUpperCase() : kind === 4 ? (found[0] as string).toUpperCase() + found.slice(1) : found);
};

/** Letters of one block of 128 code points, as a word of a script has them. */
const script: Segment = (random) => {
  const block = 128 * below(random, random() < 0.7 ? 0x3400 / 128 : 0x20000 / 128);
  let text = random() < 0.3 ? " " : "";
  for (let left = 1 + below(random, 8); left > 0; left--) text += character(block + below(random, 128));
  return text;
};

const anywhere: Segment = (random) => character(below(random, random() < 0.6 ? 0x10000 : 0x110000));

const slice: Segment = (random, { documents }) => {
  const document = pick(random, documents);
  const start = below(random, document.length);
  return document.slice(start, start + 1 + below(random, 24));
};

const special: Segment = (random, { specials }) => {
  if (specials.length === 0) return pick(random, markup);
  const text = pick(random, specials);
  const kind = random();
  return kind < 0.7 ? text : kind < 0.85 ? text.slice(0, -1) : ` ${text} `;
};

const run: Segment = (random) => {
  const items = pick(random, [whiteSpace, punctuation, emoji, ["a", "x", "0", "ab", "哈", "\u0301", "=", "ー"]]);
  return pick(random, items).repeat(2 + below(random, random() < 0.05 ? 300 : 20));
};

const surrogate: Segment = (random) => String.fromCharCode(0xd800 + below(random, 0x800));

const ascii: Segment = (random) => String.fromCharCode(0x20 + below(random, 0x5f));

const segments: readonly Segment[] = [
  word,
  word,
  script,
  script,
  anywhere,
  slice,
  slice,
  slice,
  special,
  run,
  ascii,
  surrogate,
  one(whiteSpace),
  one(whiteSpace),
  one(invisible),
  one(controls),
  one(contractions),
  one(casings),
  one(marks),
  one(normalised),
  one(emoji),
  one(punctuation),
  one(markup),
  one(digits),
  one(numbers),
  one(combining),
  one(cased),
];

/** A code point as text; surrogates come out alone. */
function character(codePoint: number): string {
  return String.fromCodePoint(codePoint);
}

function codePoints(pattern: RegExp): string[] {
  const found: string[] = [];
  for (let codePoint = 0; codePoint < 0x20000; codePoint++) {
    if (pattern.test(character(codePoint))) found.push(character(codePoint));
  }
  return found;
}
