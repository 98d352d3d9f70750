import { cividis, css, mix, type Rgb } from "../strip/cividis.ts";
import { inkOn, type Shade } from "../strip/shades.ts";

const paperOf = (dark: boolean): Rgb => (dark ? [21, 26, 32] : [253, 252, 249]);

/** The colour of a share of attention, 0 to 1, on a square-root scale: 1 per cent is told from nothing. */
export const shareColour = (share: number, dark: boolean): Rgb => scaleColour(Math.sqrt(Math.max(0, share)), dark);

/** Nothing is the paper, much stands out: cividis, which runs the other way on light paper. size  0 to 1 */
export function scaleColour(size: number, dark: boolean): Rgb {
  const t = Math.max(0, Math.min(1, size));
  return mix(paperOf(dark), dark ? cividis(0.12 + 0.88 * t) : cividis(0.92 - 0.92 * t), Math.min(1, t * 4));
}

/** Steps of the scale as pixels, [256] RGBA in the order of bytes in memory. */
export function sharePixels(dark: boolean): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [r, g, b] = scaleColour(i / 255, dark);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  });
}

/** Index into `sharePixels`. */
export const pixelOf = (share: number): number => Math.min(255, Math.round(Math.sqrt(Math.max(0, share)) * 255));

/** Blue takes away, orange adds; told apart with every common form of colour blindness. size  −1 to 1 */
export function signedColour(size: number, dark: boolean): Rgb {
  const end: Rgb = size >= 0 ? (dark ? [255, 158, 100] : [214, 96, 20]) : dark ? [92, 150, 236] : [36, 100, 196];
  return mix(paperOf(dark), end, Math.min(1, Math.abs(size)));
}

const signedSteps = 32;

/** Shades for tokens, from −1 to 1; `signedShade` names one. */
export function signedShades(dark: boolean): Shade[] {
  return Array.from({ length: 2 * signedSteps + 1 }, (_, i) => shadeOf(signedColour((i - signedSteps) / signedSteps, dark)));
}

export const signedShade = (size: number): number => Math.round(Math.max(-1, Math.min(1, size)) * signedSteps) + signedSteps;

export const shadeOf = (colour: Rgb): Shade => ({ fill: css(colour), ink: css(inkOn(colour)) });
