import { type Random, seededRandom } from "@cutaway/core";

const vocabulary =
  " the of and to in a is that it as for was with be by on not he his but at are this have from or had an they which you were all their one we would there been if more when will who what some could them see other than then now look only come its over think also back after use two how our work first well way even new want because any these give day most us".split(
    " ",
  );
const rare = [
  " perihelion",
  " lattice",
  " 4,096",
  " Ørsted",
  " 東京",
  " naïve",
  " αβ",
  " €",
  " 🙂",
  "\n",
  "\n\n",
  "  ",
  " `kv_cache`",
  " {",
  "}",
  ".",
  ",",
  ";",
];

/** Text of `count` tokens with probabilities, as a model might draw it: mostly sure, now and then not. */
export function drawnTokens(
  count: number,
  seed: number,
  random: Random = seededRandom(seed),
): { text: string; p: number; others: [string, number][] }[] {
  return Array.from({ length: count }, () => {
    const isRare = random() < 0.14;
    const text = isRare ? pick(rare, random) : ` ${pick(vocabulary, random)}`;
    const p = isRare ? random() ** 1.4 : 1 - random() ** 3;
    const sure = Math.min(0.9999, Math.max(0.0005, p));
    let left = 1 - sure;
    const others = Array.from({ length: 4 }, (): [string, number] => {
      const share = left * (0.4 + random() * 0.4);
      left -= share;
      return [` ${pick(vocabulary, random)}`, Math.max(1e-6, share)];
    });
    return { text, p: sure, others };
  });
}

/** A text cut into tokens at its spaces, each with a probability. */
export function tokensOfText(text: string, seed: number): { text: string; p: number; others: [string, number][] }[] {
  const random = seededRandom(seed);
  const pieces = text.match(/\n+|\s?[\p{L}\p{N}_]+|\s?[^\s\p{L}\p{N}_]+|\s+/gu) ?? [];
  const drawn = drawnTokens(pieces.length, seed, random);
  return pieces.map((piece, i) => ({ ...(drawn[i] as (typeof drawn)[number]), text: piece }));
}

const pick = (from: readonly string[], random: Random): string => from[Math.floor(random() * from.length)] as string;
