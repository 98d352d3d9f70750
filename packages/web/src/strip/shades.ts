import { cividis, contrast, css, mix, type Rgb } from "./cividis.ts";

/** How many shades of probability are told apart. */
export const shadeCount = 64;

/** Index of the shade of a token whose probability is unknown. */
export const unknownShade = shadeCount;

export interface Shade {
  fill: string;
  ink: string;
}

/**
 * The shades of a theme, by probability from 0 to 1 in `shadeCount` steps. Certain tokens recede into the paper and
 * unlikely ones stand out: on dark paper the map runs from yellow (unlikely) to blue, on light paper from blue to a pale yellow.
 */
export function shadesOf(theme: "dark" | "light"): Shade[] {
  const paper: Rgb = theme === "dark" ? [21, 26, 32] : [252, 251, 248];
  return Array.from({ length: shadeCount }, (_, i) => {
    const p = i / (shadeCount - 1);
    const colour = theme === "dark" ? mix(cividis(1 - p), paper, 0.5 * p * p) : mix(cividis(p), paper, 0.72 * p * p);
    return { fill: css(colour), ink: css(inkOn(colour)) };
  });
}

/** shade of a probability; NaN, which stands for unknown in typed arrays, has its own. */
export const shadeOf = (probability: number): number => (Number.isNaN(probability) ? unknownShade : Math.round(probability * (shadeCount - 1)));

/** Pure black and white: of any other pair, neither reads at 4.5:1 on a middle grey. */
const darkInk: Rgb = [0, 0, 0];
const lightInk: Rgb = [255, 255, 255];

/** Whichever ink reads better on a colour. */
export const inkOn = (colour: Rgb): Rgb => (contrast(colour, darkInk) >= contrast(colour, lightInk) ? darkInk : lightInk);
