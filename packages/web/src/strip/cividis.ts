/** Red, green, blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * The cividis colour map: readable with every common form of colour blindness, its lightness rises evenly.
 * t       0 (dark blue) to 1 (yellow).
 * source  Nuñez, Anderton, Renslow 2018, "Optimizing colormaps with consideration for color vision deficiency", as the
 *         polynomial fit of d3-scale-chromatic (largest error about 3 of 255).
 */
export function cividis(t: number): Rgb {
  const x = Math.max(0, Math.min(1, t));
  return [
    byte(-4.54 - x * (35.34 - x * (2381.73 - x * (6402.7 - x * (7024.72 - x * 2710.57))))),
    byte(32.49 + x * (170.73 + x * (52.82 - x * (131.46 - x * (176.58 - x * 67.37))))),
    byte(81.24 + x * (442.36 - x * (2482.43 - x * (6167.24 - x * (6614.94 - x * 2475.67))))),
  ];
}

/** Between two colours in sRGB. share 0 gives a, 1 gives b. */
export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  byte(a[0] + (b[0] - a[0]) * share),
  byte(a[1] + (b[1] - a[1]) * share),
  byte(a[2] + (b[2] - a[2]) * share),
];

/** WCAG 2 relative luminance, 0 to 1. */
export function luminance([r, g, b]: Rgb): number {
  const linear = (c: number) => (c <= 10.31475 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** WCAG 2 contrast ratio, 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

export const css = ([r, g, b]: Rgb): string => `rgb(${r},${g},${b})`;

const byte = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
