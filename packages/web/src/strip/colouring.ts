import { rankOf, type StripTokens } from "./tokens.ts";

/** What the shade of a token stands for. */
export const colourings = ["probability", "entropy", "rank"] as const;
export type Colouring = (typeof colourings)[number];

/** By token, NaN where unknown. */
export interface Colours {
  /** 1 recedes into the paper, 0 stands out. */
  sure: Float32Array;
  /** Of the track above the strip, 0 to 1. */
  height: Float32Array;
}

/** Where each scale ends: a probability of e^-6, a quarter of a per cent; 4 nats, as if 55 tokens were equally likely; the 1,000th token. */
export const fullSurprise = 6;
export const fullEntropy = 4;
export const fullRank = 1000;

export function coloursOf(tokens: StripTokens, colouring: Colouring): Colours {
  switch (colouring) {
    case "probability":
      return { sure: tokens.probability, height: tokens.probability.map((p) => Math.min(1, -Math.log(p) / fullSurprise)) };
    case "entropy":
      return fromHeights(tokens, (i) => (tokens.steps?.[i]?.entropy ?? Number.NaN) / fullEntropy);
    case "rank":
      return fromHeights(tokens, (i) => Math.log10((rankOf(tokens, i) ?? Number.NaN) + 1) / Math.log10(fullRank));
  }
}

function fromHeights(tokens: StripTokens, heightOf: (i: number) => number): Colours {
  const height = Float32Array.from(tokens.shown, (_, i) => Math.min(1, heightOf(i)));
  return { sure: height.map((tall) => 1 - tall), height };
}

/** The colourings for which at least one token's figure is known. */
export function colouringsOf({ steps, hasProbabilities }: StripTokens): Colouring[] {
  const isKnown: Record<Colouring, boolean> = {
    probability: hasProbabilities,
    entropy: steps?.some(({ entropy }) => entropy !== undefined) ?? false,
    rank: steps?.some(({ rank, top }) => rank !== undefined || top !== undefined) ?? false,
  };
  return colourings.filter((colouring) => isKnown[colouring]);
}
